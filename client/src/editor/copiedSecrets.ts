/** Secrets on the clipboard, by names alone, in words that can be read wherever they are pasted. */
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { jsonKeyProblem } from "../entities/secretPath.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";

/** `vault/name[/version][#key]`. */
export function copiedText({ vault, name, version, jsonKeys = [] }: SecretSubject): string {
  return `${vault.name}/${name}${version === undefined ? "" : `/${version}`}${jsonKeys.length === 0 ? "" : `#${jsonKeys.join(".")}`}`;
}

/** Which secret a text of the clipboard means. */
export interface CopiedSecrets {
  /** Remembers what was copied, with its cloud and tenant. */
  put(text: string, subject: SecretSubject): void;
  /** Whether it is what was copied here last. */
  isOwn(text: string): boolean;
  /** False where the text is no secret, whichever vaults are known: most of what is pasted. */
  couldMean(text: string): boolean;
  /** What was copied here last, or a `vault/name` of a vault that is known. Undefined for any other text. */
  subjectOf(text: string, vaults: readonly VaultTarget[]): SecretSubject | undefined;
}

export function createCopiedSecrets(): CopiedSecrets {
  let last: { readonly text: string; readonly subject: SecretSubject } | undefined;
  return {
    put: (text, subject) => {
      last = { text, subject };
    },
    isOwn: (text) => last?.text === text.trim(),
    couldMean: (text) => last?.text === text.trim() || copiedPattern.test(text.trim()),
    subjectOf: (text, vaults) => {
      const trimmed = text.trim();
      if (last?.text === trimmed) return last.subject;
      return readCopied(trimmed, vaults);
    },
  };
}

const copiedPattern = /^([0-9A-Za-z-]{3,24})\/([0-9A-Za-z-]{1,127})(?:\/([0-9a-fA-F]{32}))?(?:#([^/\s]{1,256}))?$/;

function readCopied(text: string, vaults: readonly VaultTarget[]): SecretSubject | undefined {
  const match = copiedPattern.exec(text);
  const [, vaultName = "", name = "", version, keys] = match ?? [];
  if (match === null || (keys !== undefined && jsonKeyProblem(keys) !== undefined)) return undefined;
  const named = new Map(vaults.filter((vault) => vault.name.toLowerCase() === vaultName.toLowerCase()).map((vault) => [vaultKey(vault), vault]));
  const [vault] = named.values();
  // Of two clouds it cannot be told which is meant.
  if (vault === undefined || named.size > 1) return undefined;
  return { vault, name, ...(version === undefined ? {} : { version }), ...(keys === undefined ? {} : { jsonKeys: keys.split(".") }) };
}

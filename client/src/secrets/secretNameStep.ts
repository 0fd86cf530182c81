/** The name of a new secret, judged at each keystroke by Key Vault's rules and by what the vault holds. */
import { isSecretName, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Step } from "../ui/multiStep.ts";
import type { SecretSource } from "./secretSource.ts";

export interface NameAnswers {
  readonly vault?: VaultTarget;
  readonly name?: string;
}

/** Harness: letters, digits, _ and $; newer accounts take a hyphen in a secret's identifier. */
const prompt = "Name in the vault: letters, digits and hyphens. A Harness identifier has letters, digits, _ and $, and may differ";

/** What the vault holds comes while the person types: typing never waits for it. */
export function secretNameStep<D extends NameAnswers>(source: Pick<SecretSource, "secrets" | "deleted">): Step<D> {
  const known = new Map<string, KnownNames>();
  return {
    id: "name",
    applies: () => true,
    ask: async ({ vault, name = "" }, head, prompts) => {
      const controller = new AbortController();
      const names = vault === undefined ? undefined : (known.get(vaultKey(vault)) ?? loadNames(source, vault, controller.signal));
      if (vault !== undefined && names !== undefined) known.set(vaultKey(vault), names);
      const answer = await prompts.text({ head, prompt, value: name, placeholder: "db-password", problem: (text) => secretNameProblem(text.trim()) ?? names?.problem(text.trim()) });
      controller.abort();
      if (names?.isComplete() === false && vault !== undefined) known.delete(vaultKey(vault));
      // A step of any series takes this answer.
      return answer.kind === "next" ? { kind: "next", value: { name: answer.value.trim() } as Partial<D> } : answer;
    },
  };
}

/** What is wrong with a text as the name of a secret. */
export function secretNameProblem(text: string): string | undefined {
  if (text === "") return "Enter a name.";
  if (text.length > 127) return "A secret's name has at most 127 characters.";
  if (isSecretName(text)) return undefined;
  const wrong = /[^0-9A-Za-z-]/u.exec(text)?.[0] ?? "";
  const hint = wrong === "_" ? " Harness's identifiers take _, Key Vault does not: write a hyphen." : "";
  return `A secret's name has letters, digits and hyphens only: no ${wrong === " " ? "blank" : /[!-~]/.test(wrong) ? wrong : "such character"}.${hint}`;
}

interface KnownNames {
  readonly problem: (name: string) => string | undefined;
  readonly isComplete: () => boolean;
}

function loadNames(source: Pick<SecretSource, "secrets" | "deleted">, vault: VaultTarget, signal: AbortSignal): KnownNames {
  let living: ReadonlySet<string> | undefined;
  let deleted: ReadonlySet<string> | undefined;
  const load = async (): Promise<void> => {
    const secrets = await source.secrets(vault, signal);
    if (secrets.ok) living = lowerNames(secrets.value);
  };
  const loadDeleted = async (): Promise<void> => {
    const found = await source.deleted(vault, signal);
    if (found.ok) deleted = lowerNames(found.value);
  };
  // What cannot be listed is found out when the secret is written.
  load().catch(() => undefined);
  loadDeleted().catch(() => undefined);
  return {
    problem: (name) => {
      if (living?.has(name.toLowerCase()) === true) return "The vault has a secret of this name. Choose another name, or leave and run New Version of Secret.";
      if (deleted?.has(name.toLowerCase()) === true) return "A deleted secret keeps this name. Choose another name, or leave and recover or purge the deleted one.";
      return undefined;
    },
    isComplete: () => living !== undefined && deleted !== undefined,
  };
}

function lowerNames(secrets: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(secrets.map(({ name }) => name.toLowerCase()));
}

/** Whether what an entity is to refer to is there, by asking the vault anew. */
import type { JsonKey, SecretVersion } from "../../../server/src/core/model/facts.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { restrictedMessage } from "../azure/approvalCommands.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { causeWords, delegateNote } from "../azure/causeWords.ts";
import type { TriedStep } from "../azure/causeWords.ts";
import { lastingState } from "../secrets/secretState.ts";
import { noticeText } from "../ui/noticeText.ts";
import { pickText } from "../ui/pickText.ts";
import type { EntityContext } from "./entityContext.ts";
import type { SecretPath } from "./secretPath.ts";

/** `missing` is known for certain; whatever else was not read is `unknown`. The first of the words stands for all; text of others is made safe in them. */
export interface ReferenceTest {
  readonly verdict: "works" | "warns" | "missing" | "unknown";
  readonly words: readonly string[];
}

export async function testReference(context: EntityContext, vault: VaultTarget, path: SecretPath, signal: AbortSignal): Promise<ReferenceTest> {
  if (!context.isTrusted()) return { verdict: "unknown", words: [restrictedMessage] };
  const listed = await context.source.versions(vault, path.name, signal);
  if (!listed.ok) return unread(listed, "read");
  const { name, version } = path;
  if (listed.value.length === 0) return missing(`The vault ${vault.name} holds no secret ${name}.`);
  const used = version === undefined ? listed.value[0] : listed.value.find((one) => one.version.toLowerCase() === version.toLowerCase());
  if (used === undefined) return missing(`The secret ${name} has no version ${version ?? ""}.`);
  const state = stateWarning(used, name, context.now());
  if (!used.enabled || path.jsonKeys === undefined || path.jsonKeys.length === 0) return state ?? works(`The vault ${vault.name} holds ${name}, and it is enabled.`);
  const keys = await testKeys(context, vault, path, path.jsonKeys, signal);
  return keys.verdict === "works" ? (state ?? keys) : { verdict: keys.verdict, words: [...keys.words, ...(state?.words ?? [])] };
}

async function testKeys({ jsonKeys }: EntityContext, vault: VaultTarget, { name, version }: SecretPath, keys: readonly string[], signal: AbortSignal): Promise<ReferenceTest> {
  // It stands in lists and notifications alike.
  const shown = noticeText(pickText(keys.join(".")));
  if (!jsonKeys.allowed(vault)) return { verdict: "unknown", words: [`${name} is there. Its JSON key ${shown} is not verified, because you have not allowed reading the vault's JSON keys.`] };
  const shape = await jsonKeys.read(vault, name, version, signal);
  if (!shape.ok) return unread(shape, "value");
  if (shape.value.kind === "not-json") return { verdict: "warns", words: [`The value of ${name} is no JSON, so Harness takes it whole and the key ${shown} does nothing.`] };
  // Harness takes a first-level key of that very name too.
  const isThere = holds(shape.value.keys, keys) || shape.value.keys.some((one) => one.name === keys.join("."));
  return isThere ? works(`${name} is there and enabled, and its JSON has the key ${shown}.`) : missing(`The JSON of ${name} has no key ${shown}.`);
}

function holds(keys: readonly JsonKey[], [first, ...rest]: readonly string[]): boolean {
  const found = keys.find(({ name }) => name === first);
  return found !== undefined && (rest.length === 0 || holds(found.children ?? [], rest));
}

function stateWarning(version: SecretVersion, name: string, now: number): ReferenceTest | undefined {
  switch (lastingState(version, now)) {
    case "enabled":
      return undefined;
    case "disabled":
      return { verdict: "warns", words: [`The version of ${name} is disabled, so Harness cannot read it. Enable it before a pipeline runs.`] };
    case "expired":
      return { verdict: "warns", words: [`The version of ${name} has expired on ${dateWords(version.expires ?? now)}. Harness reads it all the same, but whoever checks it may refuse it.`] };
    case "not valid yet":
      return { verdict: "warns", words: [`The version of ${name} is not valid before ${dateWords(version.notBefore ?? now)}. Harness reads it all the same, but whoever checks it may refuse it.`] };
  }
}

function works(words: string): ReferenceTest {
  return { verdict: "works", words: [words] };
}

function missing(words: string): ReferenceTest {
  return { verdict: "missing", words: [words, "Go back and choose another one, or create it in the vault first."] };
}

function unread(outcome: Outcome<unknown> & { readonly ok: false }, tried: TriedStep): ReferenceTest {
  const cause = causeOfOutcome(outcome);
  if (cause === "cancelled") return { verdict: "unknown", words: ["You cancelled the test, so nothing is known from it."] };
  const { what, next } = causeWords(cause, tried);
  return { verdict: "unknown", words: [`Not verified. ${what}`, next, delegateNote] };
}

import type { SecretAttributes, SecretVersion } from "../../../server/src/core/model/facts.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { failureWords, isCancelled, secretWords } from "./secretWords.ts";

/** A secret as the vault has it now. */
export interface ReadSecret {
  /** Newest first, at least one. */
  readonly versions: readonly SecretVersion[];
  readonly latest: SecretVersion;
  /** Of the latest version. */
  readonly attributes: SecretAttributes;
}

/**
 * Reads the versions and the latest one's attributes. Says why where they cannot be read, and where there is no such
 * secret or a certificate owns it, so that it cannot be changed as a secret.
 */
export async function readSecret(context: SecretCommandsContext, { vault, name }: SecretSubject): Promise<ReadSecret | undefined> {
  const { dialogs } = context;
  const outcome = await dialogs.progress(`Reading the secret ${name} of the vault ${vault.name}`, (_report, signal) => read(context, { vault, name }, signal));
  if (!outcome.ok) {
    if (outcome.reason === "stale") dialogs.tell(`The ${secretWords(vault, name)} changes while it is read. Nothing was changed. Try again.`);
    else if (!isCancelled(outcome)) dialogs.tell(failureWords(vault, `the secret ${name} cannot be read, so nothing was changed`, outcome, "read"));
    return undefined;
  }
  if (outcome.value === undefined) {
    dialogs.tell(`The ${secretWords(vault, name)} does not exist. It may be deleted: see Keyline: Recover Deleted Secret.`);
    return undefined;
  }
  if (outcome.value.attributes.managed === true) {
    dialogs.tell(`The ${secretWords(vault, name)} belongs to the certificate of that name, and changes with it alone. Renew, change or delete the certificate in Azure.`);
    return undefined;
  }
  return outcome.value;
}

async function read({ source }: SecretCommandsContext, { vault, name }: SecretSubject, signal: AbortSignal): Promise<Outcome<ReadSecret | undefined>> {
  const versions = await source.versions(vault, name, signal);
  if (!versions.ok) return versions;
  const latest = versions.value[0];
  if (latest === undefined) return { ok: true, value: undefined };
  for (const isLast of [false, true]) {
    const listed = await source.secrets(vault, signal);
    if (!listed.ok) return listed;
    const attributes = listed.value.find((secret) => secret.name.toLowerCase() === name.toLowerCase());
    // The list may be minutes old: its attributes count only where they are the latest version's.
    if (attributes !== undefined && attributes.updated === latest.updated && attributes.created === latest.created) return { ok: true, value: { versions: versions.value, latest, attributes } };
    if (!isLast) source.changed(vault);
  }
  return { ok: false, reason: "stale" };
}

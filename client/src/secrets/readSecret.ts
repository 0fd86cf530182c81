import type { SecretVersion } from "../../../server/src/core/model/facts.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { failureWords, isCancelled, secretWords } from "./secretWords.ts";

/** A secret as the vault has it now. */
export interface ReadSecret {
  /** Newest first, at least one. */
  readonly versions: readonly SecretVersion[];
  readonly latest: SecretVersion;
}

/**
 * Reads the versions. Says why where they cannot be read, and where there is no such secret or a certificate owns it, so
 * that it cannot be changed as a secret.
 */
export async function readSecret(context: SecretCommandsContext, { vault, name }: SecretSubject): Promise<ReadSecret | undefined> {
  const { dialogs, source } = context;
  const outcome = await dialogs.progress(`Reading the secret ${name} of the vault ${vault.name}`, (_report, signal) => source.versions(vault, name, signal));
  if (!outcome.ok) {
    if (!isCancelled(outcome)) dialogs.tell(failureWords(vault, `the secret ${name} cannot be read, so nothing was changed`, outcome, "read"));
    return undefined;
  }
  const versions = outcome.value;
  const [latest] = versions;
  if (latest === undefined) {
    dialogs.tell(`The ${secretWords(vault, name)} does not exist. It may be deleted: see Keyline: Recover Deleted Secret.`);
    return undefined;
  }
  if (latest.managed === true) {
    dialogs.tell(`The ${secretWords(vault, name)} belongs to the certificate of that name, and changes with it alone. Renew, change or delete the certificate in Azure.`);
    return undefined;
  }
  return { versions, latest };
}

/** Reads the version that the tree's item names, else the latest. Says why where it cannot be changed. */
export async function readVersion(context: SecretCommandsContext, subject: SecretSubject): Promise<{ readonly version: SecretVersion; readonly isLatest: boolean } | undefined> {
  const read = await readSecret(context, subject);
  if (read === undefined) return undefined;
  const { versions, latest } = read;
  const wanted = subject.version?.toLowerCase();
  const version = wanted === undefined ? latest : versions.find((each) => each.version.toLowerCase() === wanted);
  if (version !== undefined) return { version, isLatest: version.version === latest.version };
  context.dialogs.tell(`The ${secretWords(subject.vault, subject.name)} has no such version any more. Nothing was changed.`);
  return undefined;
}

import type { DeletedEntry, SecretVersion } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { askApproval, restrictedMessage } from "../azure/approvalCommands.ts";
import { counted } from "../connectors/counted.ts";
import { utcWords } from "../ui/timeWords.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretRun } from "./secretJournal.ts";
import { failureWords, isCancelled, shortVersion } from "./secretWords.ts";
import { runTag } from "./tagText.ts";

/** One notification is cut after a thousand letters. */
const maxTold = 5;
/** Key Vault keeps no more. */
const maxTags = 15;

/** Looks in the vault how changes ended whose end nobody knows, tells it, and forgets them. Changes nothing. */
export async function lookAtRuns(context: SecretCommandsContext, vault: VaultTarget, runs: readonly SecretRun[]): Promise<void> {
  const { dialogs, journal } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  if (!(await askApproval(context, vault))) return;
  const outcome = await dialogs.progress(`Looking in the vault ${vault.name}`, (_report, signal) => look(context, vault, runs, signal));
  if (!outcome.ok) {
    if (!isCancelled(outcome)) dialogs.tell(failureWords(vault, "it cannot be told how the changes ended", outcome, "read"));
    return;
  }
  const more = runs.length > maxTold ? [`Look at the other ${String(runs.length - maxTold)} in the explorer.`] : [];
  dialogs.tell([`Vault ${vault.name}:`, ...outcome.value, ...more].join(" "));
  await journal.forget(runs);
}

async function look({ source }: SecretCommandsContext, vault: VaultTarget, runs: readonly SecretRun[], signal: AbortSignal): Promise<Outcome<readonly string[]>> {
  // The tree has what was known before.
  source.changed(vault);
  // Not everybody may list what is deleted: the living secrets tell enough then.
  const deleted = await source.deleted(vault, signal);
  const words: string[] = [];
  for (const run of runs.slice(0, maxTold)) {
    const versions = await source.versions(vault, run.name, signal);
    if (!versions.ok) return versions;
    const isSame = ({ name }: { readonly name: string }): boolean => name.toLowerCase() === run.name.toLowerCase();
    words.push(stateWords(run, { versions: versions.value, deleted: deleted.ok ? (deleted.value.find(isSame) ?? "none") : "unknown" }));
  }
  return { ok: true, value: words };
}

interface Seen {
  /** Newest first; empty where the secret does not exist. */
  readonly versions: readonly SecretVersion[];
  readonly deleted: DeletedEntry | "none" | "unknown";
}

function stateWords({ id, name, step }: SecretRun, { versions, deleted }: Seen): string {
  const [latest] = versions;
  if (latest !== undefined) {
    if (step === "create" || step === "new version") {
      const written = versions.find(({ tags }) => tags?.some(([key, value]) => key === runTag && value === id));
      if (written === latest) return `${name} is written: its latest version is the one of this change.`;
      if (written !== undefined) return `${name} is written: its version ${shortVersion(written.version)} is the one of this change, and newer ones have come since.`;
      const exists = `${name} exists with ${counted(versions.length, "version")}${latest.created === undefined ? "" : `, the latest of ${utcWords(latest.created)}`}`;
      // A version with as many tags as there can be was written without the one that names its run.
      const isOpen = versions.some(({ tags = [] }) => tags.length >= maxTags);
      return isOpen ? `${exists}; one may be that of this change, which cannot be told. See it in the explorer.` : `${exists}; none is the one of this change.`;
    }
    if (step === "delete") return `${name} is not deleted.`;
    if (step === "recover") return `${name} is recovered.`;
    if (step === "purge") return `${name} is not deleted, so nothing was purged.`;
    return `${name} exists, and its latest version is ${latest.enabled ? "enabled" : "disabled"}. See its version in the explorer for the rest.`;
  }
  if (deleted === "unknown") return `${name} is not there; whether it waits among the deleted secrets cannot be listed.`;
  if (deleted === "none") return step === "purge" ? `${name} is purged.` : `${name} does not exist, and is not among the deleted secrets.`;
  return `${name} is deleted${deleted.scheduledPurge === undefined ? "" : `, and purged by the vault on ${utcWords(deleted.scheduledPurge)}`}.`;
}

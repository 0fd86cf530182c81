/** Keyline: Compare Two Vaults, Export the List of Secrets. */
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { restrictedMessage } from "../azure/approvalCommands.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { causeWords } from "../azure/causeWords.ts";
import { counted } from "../connectors/counted.ts";
import type { Register } from "../register.ts";
import { chooseOtherVault, chooseVault } from "../secrets/chooseVault.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import { compareVaults } from "./compareVaults.ts";
import type { ExplorerSource } from "./explorerSource.ts";
import type { ListedSecret } from "./exportSecrets.ts";
import { secretsCsv, secretsMarkdown } from "./exportSecrets.ts";
import type { ListFiles } from "./listFiles.ts";

export interface ExplorerListsContext {
  readonly source: Pick<ExplorerSource, "vaultOf" | "vaults" | "secrets" | "allUses">;
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  /** Shows the approval's modal where the vault is not approved yet. True where it is approved then. */
  readonly approve: (vault: VaultTarget) => Promise<boolean>;
  readonly files: ListFiles;
  readonly now: () => number;
}

export function registerExplorerLists(register: Register, context: ExplorerListsContext): void {
  register("keyline.compareVaults", (argument) => compare(context, argument));
  register("keyline.exportSecrets", (argument) => exportList(context, argument));
}

async function compare(context: ExplorerListsContext, argument: unknown): Promise<void> {
  const { source, dialogs, files } = context;
  if (!isAllowed(context)) return;
  const one = source.vaultOf(argument) ?? (await chooseVault(source, dialogs, "Compare which vault?"));
  const other = one === undefined ? undefined : await chooseOtherVault(source, dialogs, `Compare ${one.name} with which vault?`, one);
  if (one === undefined || other === undefined || !(await context.approve(one)) || !(await context.approve(other))) return;
  const read = await dialogs.progress(`Comparing ${one.name} with ${other.name}`, async (report, signal) => {
    report(one.name);
    const first = await source.secrets(one, signal);
    report(other.name);
    return { first, second: await source.secrets(other, signal), isCancelled: signal.aborted };
  });
  if (read.isCancelled) dialogs.tell("You cancelled the comparison.");
  else await files.showMarkdown(compareVaults({ vault: one, listed: read.first }, { vault: other, listed: read.second }, context.now()));
}

async function exportList(context: ExplorerListsContext, argument: unknown): Promise<void> {
  const { source, dialogs, files } = context;
  if (!isAllowed(context)) return;
  const vault = source.vaultOf(argument) ?? (await chooseVault(source, dialogs, "Export the secrets of which vault?"));
  if (vault === undefined || !(await context.approve(vault))) return;
  const kind = await dialogs.pick<"csv" | "md">(`Export the list of ${vault.name}: names, states, dates and tags, no values`, [
    { label: "CSV", detail: "For a spreadsheet.", value: "csv" },
    { label: "Markdown", detail: "A table for a page or a ticket.", value: "md" },
  ]);
  if (kind === undefined) return;
  const listed = await dialogs.progress(`Listing the vault ${vault.name}`, (_report, signal) => listWithUses(context, vault, signal));
  if (!listed.ok) {
    dialogs.tell(failedWords(vault, listed));
    return;
  }
  const uri = await files.pick(`Export the list of ${vault.name}`, `${vault.name}-secrets.${kind}`, kind);
  if (uri === undefined) return;
  const text = kind === "csv" ? secretsCsv(listed.value, context.now()) : secretsMarkdown(vault.name, listed.value, context.now());
  const shown = noticeText(uri.split("/").at(-1) ?? "");
  dialogs.tell((await files.write(uri, text)) ? `${shown} is written, with ${counted(listed.value.length, "secret")} of ${vault.name}. It holds names and tags, no values.` : `${shown} could not be written. Choose another place.`);
}

async function listWithUses({ source }: ExplorerListsContext, vault: VaultTarget, signal: AbortSignal): Promise<Outcome<readonly ListedSecret[]>> {
  const listed = await source.secrets(vault, signal);
  if (!listed.ok) return listed;
  const uses = await source.allUses();
  if (signal.aborted) return { ok: false, reason: "loading", cause: "cancelled" };
  const secrets = listed.value.map((secret): ListedSecret => ({ ...secret, references: uses.of(vault, secret.name)?.references.length ?? 0, complete: uses.complete }));
  return { ok: true, value: secrets.sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1)) };
}

function isAllowed({ isTrusted, dialogs }: ExplorerListsContext): boolean {
  if (isTrusted()) return true;
  dialogs.tell(restrictedMessage);
  return false;
}

function failedWords(vault: VaultTarget, outcome: Outcome<unknown> & { readonly ok: false }): string {
  const cause = causeOfOutcome(outcome);
  if (cause === "cancelled") return "You cancelled the export. Nothing was written.";
  return `The list of ${vault.name} could not be read, so nothing was written. ${causeWords(cause, "read").what} ${causeWords(cause, "read").next}`;
}

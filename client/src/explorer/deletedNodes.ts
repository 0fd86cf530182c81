import type { DeletedEntry } from "../../../server/src/core/model/facts.ts";
import { isPurgeProtectedLevel } from "../../../server/src/core/model/facts.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { counted } from "../connectors/counted.ts";
import { relativeTime } from "../ui/timeWords.ts";
import { withChildren, withoutChildren } from "../ui/treeNode.ts";
import type { DeletedList } from "./deletedLists.ts";
import type { ExplorerItem, ExplorerNode } from "./explorerItem.ts";
import { noteNode, reasonNode } from "./noteNodes.ts";
import type { VaultNodesContext } from "./vaultNodesContext.ts";

const maxShown = 500;

/** The line "Deleted". Its list is read when it is opened. */
export function deletedNode(context: Pick<VaultNodesContext, "deleted" | "now" | "view">, vault: VaultTarget, parent: ExplorerNode): ExplorerNode {
  const list = context.deleted(vault);
  const description = list === undefined ? "" : countWords(list);
  return withChildren<ExplorerItem>(
    {
      id: `${parent.id} deleted`,
      label: "Deleted",
      ...(description === "" ? {} : { description }),
      icon: { id: "trash" },
      spoken: description === "" ? "Deleted secrets" : `Deleted secrets, ${description}`,
      expands: "collapsed",
      about: { vault, opens: "deleted" },
      parent,
    },
    (node) => deletedChildren(context, vault, list, node),
  );
}

function countWords({ secrets, state }: DeletedList): string {
  if (typeof state === "object") return secrets.length === 0 ? "not known" : `${counted(secrets.length, "secret")}, not all known`;
  return state === "reading" ? `${counted(secrets.length, "secret")} so far` : counted(secrets.length, "secret");
}

function deletedChildren(context: Pick<VaultNodesContext, "now" | "view">, vault: VaultTarget, list: DeletedList | undefined, parent: ExplorerNode): readonly ExplorerNode[] {
  if (list === undefined) return [reasonNode(`${parent.id} reason`, "loading", parent, { vault })];
  const { secrets, state } = list;
  const filter = context.view.filter.toLowerCase();
  const sorted = secrets.filter(({ name }) => name.toLowerCase().includes(filter)).sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
  const notes: ExplorerNode[] = [];
  if (typeof state === "object") {
    notes.push(
      state.failed === "forbidden"
        ? noteNode({ id: `${parent.id} forbidden`, label: "Your identity may not list deleted secrets here: ask for Key Vault Secrets Officer, or the list permission", icon: "lock" }, parent)
        : reasonNode(`${parent.id} reason`, state.failed, parent, { vault }),
    );
  } else if (state === "reading" && secrets.length === 0) notes.push(reasonNode(`${parent.id} reason`, "loading", parent, { vault }));
  else if (sorted.length === 0) notes.push(noteNode({ id: `${parent.id} none`, label: secrets.length === 0 ? "No deleted secret" : `No deleted secret fits the filter${state === "reading" ? " so far" : ""}`, icon: "info" }, parent));
  const shown = sorted.slice(0, maxShown).map((secret) => deletedSecretNode(secret, vault, context.now, parent));
  const more = sorted.length > maxShown ? [noteNode({ id: `${parent.id} more`, label: `${counted(sorted.length - maxShown, "more deleted secret")} not shown: filter them by name`, icon: "ellipsis" }, parent)] : [];
  return [...notes, ...shown, ...more];
}

function deletedSecretNode({ name, deletedOn, scheduledPurge, recoveryLevel }: DeletedEntry, vault: VaultTarget, now: number, parent: ExplorerNode): ExplorerNode {
  const purgeable = recoveryLevel?.includes("Purgeable") === true;
  const deleted = deletedOn === undefined ? "deleted" : `deleted ${relativeTime(deletedOn - now)}`;
  const purge = scheduledPurge === undefined ? "" : `, kept until ${dateWords(scheduledPurge)}`;
  return withoutChildren({
    id: `${parent.id} ${name.toLowerCase()}`,
    label: name,
    description: `${deleted}${purge}`,
    icon: { id: "trash" },
    spoken: `Deleted secret ${name}, ${deleted}${purge}`,
    context: ["deleted", ...(purgeable ? ["purgeable"] : [])].join(" "),
    tooltip: () => [name, `${deleted}${purge}`, purgeWords(purgeable, recoveryLevel)].join("\n"),
    about: { vault, subject: { vault, name }, isDeleted: true },
    parent,
  });
}

function purgeWords(purgeable: boolean, recoveryLevel: string | undefined): string {
  if (purgeable) return "It can be recovered or purged.";
  return isPurgeProtectedLevel(recoveryLevel) ? "It can be recovered. Purge protection: only the vault itself purges it, when its retention ends." : "It can be recovered. Whether it can be purged is not known.";
}

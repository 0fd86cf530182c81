import type { Fact, SecretAttributes, SecretListing, SecretVersion } from "../../../server/src/core/model/facts.ts";
import { shownText } from "../../../server/src/core/model/shownText.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { SecretUseRow } from "../../../server/src/protocol/messages.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import { counted } from "../connectors/counted.ts";
import { usesNode } from "../connectors/useNodes.ts";
import { reasonText } from "../language/stateWords.ts";
import type { KnownVault } from "../secrets/secretSource.ts";
import { secretState } from "../secrets/secretState.ts";
import { shortVersion } from "../secrets/secretWords.ts";
import { relativeTime } from "../ui/timeWords.ts";
import { withChildren } from "../ui/treeNode.ts";
import { deletedNode } from "./deletedNodes.ts";
import type { ExplorerItem, ExplorerNode } from "./explorerItem.ts";
import { jsonKeyNodes } from "./jsonKeyNodes.ts";
import { noteNode, reasonNode } from "./noteNodes.ts";
import { groupSecrets, sortSecrets } from "./secretGroups.ts";
import { secretTooltip, versionTooltip } from "./secretTooltip.ts";
import { stateIcons } from "./stateIcons.ts";
import type { VaultNodesContext } from "./vaultNodesContext.ts";

/** So many secrets are shown at once; more stand behind lines that name the first and the last of each part. */
const partSize = 200;

export function vaultNodes(context: VaultNodesContext): readonly ExplorerNode[] {
  return context.vaults.map((known) => vaultNode(context, known));
}

function vaultNode(context: VaultNodesContext, { vault, connector }: KnownVault): ExplorerNode {
  const approved = context.isTrusted && context.isApproved(vault);
  const state = vaultWords(context, vault);
  const description = [state, connector === undefined ? "added by you" : shownText(connector)].join(" · ");
  return withChildren<ExplorerItem>(
    {
      id: `vault ${vaultKey(vault)}`,
      label: vault.name,
      description,
      icon: vaultIcon(context, vault),
      spoken: `Vault ${vault.name}, ${description}`,
      expands: "collapsed",
      context: ["vault", approved ? "approved" : "notApproved", ...(connector === undefined ? ["added"] : [])].join(" "),
      tooltip: () => [vault.name, state, `Cloud: ${cloudNames[vault.cloud]}`, `Tenant: ${vault.tenant ?? "not named"}`, ...(connector === undefined ? [] : [`Connector: ${shownText(connector)}`])].join("\n"),
      about: { vault, ...(approved ? { opens: "secrets" } : {}) },
    },
    (node) => vaultChildren(context, vault, node),
  );
}

function vaultWords(context: VaultNodesContext, vault: VaultTarget): string {
  if (!context.isTrusted) return "Restricted Mode";
  if (!context.isApproved(vault)) return "Not approved";
  const listing = askedListing(context, vault);
  if (listing === undefined) return "Not read yet";
  if (listing.state === "unknown") return listing.reason === "loading" ? "Being read" : reasonText(listing.reason).text;
  const count = counted(listing.value.secrets.length, "secret");
  if (listing.stale !== undefined) return `${count} ${relativeTime(listing.at - context.now)}, now: ${listing.stale === "loading" ? "Being read" : reasonText(listing.stale).text}`;
  return listing.value.complete ? count : `${count} so far`;
}

/** Undefined where nobody has asked the vault. */
function askedListing({ facts }: VaultNodesContext, vault: VaultTarget): Fact<SecretListing> | undefined {
  return facts.target(vault) === undefined ? undefined : facts.listing(vault);
}

function vaultIcon(context: VaultNodesContext, vault: VaultTarget): ExplorerNode["icon"] {
  if (!context.isTrusted) return { id: "lock", color: "disabledForeground" };
  if (!context.isApproved(vault)) return { id: "shield", color: "list.warningForeground" };
  const listing = askedListing(context, vault);
  if (listing === undefined) return { id: "archive" };
  if (listing.state === "known") return listing.value.complete ? { id: "archive" } : { id: "sync~spin" };
  return listing.reason === "loading" ? { id: "sync~spin" } : { id: "warning", color: "list.warningForeground" };
}

function vaultChildren(context: VaultNodesContext, vault: VaultTarget, parent: ExplorerNode): readonly ExplorerNode[] {
  const id = parent.id;
  if (!context.isTrusted) return [noteNode({ id: `${id} restricted`, label: "Restricted Mode: trust this workspace to read the vault", icon: "lock", command: { id: "workbench.trust.manage", title: "Manage Trust" } }, parent)];
  if (!context.isApproved(vault)) {
    return [noteNode({ id: `${id} approve`, label: "Approve this vault to see its secrets…", icon: "shield", command: { id: "keyline.approveVault", title: "Approve" }, about: { vault } }, parent)];
  }
  return [...listingNodes(context, vault, context.facts.listing(vault), parent), deletedNode(context, vault, parent)];
}

function listingNodes(context: VaultNodesContext, vault: VaultTarget, listing: Fact<SecretListing>, parent: ExplorerNode): readonly ExplorerNode[] {
  if (listing.state === "unknown") return [reasonNode(`${parent.id} reason`, listing.reason, parent, { vault })];
  const { secrets, complete } = listing.value;
  const shown = shownSecrets(context, vault, secrets);
  const notes: ExplorerNode[] = [];
  if (listing.stale !== undefined && (listing.stale !== "loading" || secrets.length === 0)) notes.push(reasonNode(`${parent.id} reason`, listing.stale, parent, { vault }));
  if (secrets.length === 0 && complete && listing.stale === undefined) notes.push(noteNode({ id: `${parent.id} empty`, label: "The vault holds no secret. Create one…", icon: "add", command: { id: "keyline.createSecret", title: "Create" }, about: { vault } }, parent));
  else if (secrets.length === 0 && !complete && listing.stale === undefined) notes.push(reasonNode(`${parent.id} reason`, "loading", parent, { vault }));
  else if (shown.length === 0 && secrets.length > 0) notes.push(noteNode({ id: `${parent.id} filtered`, label: `None of ${counted(secrets.length, "secret")} fits the filter${complete ? "" : " so far"}`, icon: "filter" }, parent));
  return [...notes, ...groupNodes(context, vault, shown, parent)];
}

function shownSecrets({ view, uses }: VaultNodesContext, vault: VaultTarget, secrets: readonly SecretAttributes[]): readonly SecretAttributes[] {
  const filter = view.filter.toLowerCase();
  const fits = secrets.filter(({ name }) => (filter === "" || name.toLowerCase().includes(filter)) && (!view.unusedOnly || uses.of(vault, name) === undefined));
  return sortSecrets(fits, view.sort);
}

function groupNodes(context: VaultNodesContext, vault: VaultTarget, sorted: readonly SecretAttributes[], parent: ExplorerNode): readonly ExplorerNode[] {
  const groups = groupSecrets(sorted, context.view, context.now);
  if (groups === undefined) return partNodes(context, vault, sorted, parent);
  return groups.map(({ key, label, secrets }) => {
    const count = counted(secrets.length, "secret");
    return withChildren<ExplorerItem>(
      { id: `${parent.id} group ${key}`, label, description: count, icon: { id: "list-tree" }, spoken: `${label}, ${count}`, expands: "expanded", parent },
      (node) => partNodes(context, vault, secrets, node),
    );
  });
}

function partNodes(context: VaultNodesContext, vault: VaultTarget, secrets: readonly SecretAttributes[], parent: ExplorerNode): readonly ExplorerNode[] {
  if (secrets.length <= partSize) return secrets.map((secret) => secretNode(context, vault, secret, parent));
  const parts: ExplorerNode[] = [];
  for (let start = 0; start < secrets.length; start += partSize) {
    const part = secrets.slice(start, start + partSize);
    const label = `${part[0]?.name ?? ""} … ${part.at(-1)?.name ?? ""}`;
    const count = counted(part.length, "secret");
    parts.push(
      withChildren<ExplorerItem>(
        { id: `${parent.id} part ${String(start)}`, label, description: count, icon: { id: "ellipsis" }, spoken: `${count} from ${part[0]?.name ?? ""} to ${part.at(-1)?.name ?? ""}`, expands: "collapsed", parent },
        (node) => part.map((secret) => secretNode(context, vault, secret, node)),
      ),
    );
  }
  return parts;
}

function secretNode(context: VaultNodesContext, vault: VaultTarget, secret: SecretAttributes, parent: ExplorerNode): ExplorerNode {
  const state = secretState(secret, context.now, context.view.expiringDays);
  const row = context.uses.of(vault, secret.name);
  const used = usesWords(context, row);
  const description = [...(state.kind === "enabled" ? [] : [state.words]), ...(context.uses.answered ? [used] : [])].join(" · ");
  return withChildren<ExplorerItem>(
    {
      id: `secret ${vaultKey(vault)} ${secret.name.toLowerCase()}`,
      label: secret.name,
      description,
      icon: stateIcons[state.kind],
      spoken: `Secret ${secret.name}, ${state.words}, ${used}`,
      expands: "collapsed",
      context: ["secret", secret.enabled ? "enabled" : "disabled", ...(secret.managed === true ? ["managed"] : [])].join(" "),
      tooltip: () => secretTooltip(secret, state, used, context.now),
      about: { vault, subject: { vault, name: secret.name }, opens: "versions" },
      parent,
    },
    (node) => secretChildren(context, vault, secret, row, node),
  );
}

function usesWords({ uses }: VaultNodesContext, row: SecretUseRow | undefined): string {
  if (!uses.answered) return "uses not known yet";
  const count = row?.references.length ?? 0;
  const entities = row?.entities.length ?? 0;
  if (count === 0 && entities === 0) return uses.complete ? "unused in this workspace" : `no use found${uses.reading ? " so far" : ""}`;
  return `used by ${counted(count, "reference")}${uses.complete ? "" : uses.reading ? " so far" : " or more"}`;
}

function secretChildren(context: VaultNodesContext, vault: VaultTarget, secret: SecretAttributes, row: SecretUseRow | undefined, parent: ExplorerNode): readonly ExplorerNode[] {
  const { folderOf } = context;
  const references = row?.references ?? [];
  const entities = row?.entities ?? [];
  return [
    usesNode<ExplorerItem>({ id: `${parent.id} references`, what: "reference", label: usesWords(context, row), uses: references, folderOf }, parent),
    ...(entities.length === 0 ? [] : [usesNode<ExplorerItem>({ id: `${parent.id} entities`, what: "secret", label: `${counted(entities.length, "Harness secret")} kept in it`, uses: entities, folderOf }, parent)]),
    ...versionNodes(context, vault, secret, parent),
  ];
}

function versionNodes(context: VaultNodesContext, vault: VaultTarget, secret: SecretAttributes, parent: ExplorerNode): readonly ExplorerNode[] {
  const versions = context.facts.versions(vault, secret.name);
  if (versions.state === "unknown") return [reasonNode(`${parent.id} versions`, versions.reason, parent, { vault })];
  const notes = versions.stale === undefined || (versions.stale === "loading" && versions.value.length > 0) ? [] : [reasonNode(`${parent.id} versions`, versions.stale, parent, { vault })];
  if (versions.value.length === 0) return notes.length > 0 ? notes : [noteNode({ id: `${parent.id} gone`, label: "The vault holds no version of it any more", icon: "info" }, parent)];
  return [...notes, ...versions.value.slice(0, partSize).map((version, index) => versionNode(context, vault, secret, version, index === 0, parent)), ...moreVersions(versions.value.length, parent)];
}

function moreVersions(count: number, parent: ExplorerNode): readonly ExplorerNode[] {
  return count <= partSize ? [] : [noteNode({ id: `${parent.id} older`, label: `${counted(count - partSize, "older version")} not shown`, icon: "ellipsis" }, parent)];
}

function versionNode(context: VaultNodesContext, vault: VaultTarget, { name, managed }: SecretAttributes, version: SecretVersion, latest: boolean, parent: ExplorerNode): ExplorerNode {
  const state = secretState(version, context.now, context.view.expiringDays);
  const made = version.created === undefined ? "" : ` · ${dateWords(version.created)}`;
  const short = shortVersion(version.version);
  return withChildren<ExplorerItem>(
    {
      id: `${parent.id} version ${version.version}`,
      label: `${short}…`,
      description: `${latest ? "latest · " : ""}${state.words}${made}`,
      icon: state.kind === "enabled" ? { id: "git-commit" } : stateIcons[state.kind],
      spoken: `Version ${short}, ${latest ? "latest, " : ""}${state.words}${version.created === undefined ? "" : `, created ${dateWords(version.created)}`}`,
      expands: "collapsed",
      context: ["version", version.enabled ? "enabled" : "disabled", ...(latest ? ["latest"] : []), ...(managed === true || version.managed === true ? ["managed"] : [])].join(" "),
      tooltip: () => versionTooltip(version, state, context.now),
      // The vault gives nobody the value of a disabled version.
      about: { vault, subject: { vault, name, version: version.version }, ...(version.enabled ? { opens: "keys" } : {}) },
      parent,
    },
    (node) => (version.enabled ? jsonKeyNodes(context, { vault, name, version: version.version, latest }, node) : [noteNode({ id: `${node.id} disabled`, label: "Disabled, so its JSON keys cannot be read. Enable it first", icon: "info" }, node)]),
  );
}

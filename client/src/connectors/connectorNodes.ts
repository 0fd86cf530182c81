import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { FileScope } from "../../../server/src/core/model/scope.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import { relativeTime } from "../ui/timeWords.ts";
import type { TreeNode } from "../ui/treeNode.ts";
import { withChildren } from "../ui/treeNode.ts";
import { shownReference, isKeyVault } from "./connectorSource.ts";
import type { ConnectorState, ConnectorStateKind } from "./connectorState.ts";
import { isSecretManager } from "./connectorState.ts";
import { counted } from "./counted.ts";
import { isYamlRow } from "./isYamlRow.ts";
import { shownFile } from "./shownPlace.ts";
import { usesNode } from "./useNodes.ts";

/** Set with a row for a connector's own line. */
export type ConnectorNode = TreeNode<ConnectorRow>;

export interface NodesContext {
  readonly rows: readonly ConnectorRow[];
  /** True while files are still being read: what is counted is then said to be counted so far. */
  readonly reading: boolean;
  /** Of the workspace, in its order. With several, each has a line of its own above its scopes. */
  readonly folders: readonly { readonly uri: string; readonly name: string }[];
  readonly state: (row: ConnectorRow) => ConnectorState;
  readonly now: () => number;
}

export function connectorNodes(context: NodesContext): readonly ConnectorNode[] {
  if (context.folders.length < 2) return scopeNodes(context, context.rows, undefined);
  return context.folders.flatMap(({ uri, name }) => {
    const rows = context.rows.filter((row) => row.folder === uri);
    return rows.length === 0 ? [] : [folderNode(context, uri, name, rows)];
  });
}

function folderNode(context: NodesContext, uri: string, name: string, rows: readonly ConnectorRow[]): ConnectorNode {
  const label = shownText(name);
  return withChildren(
    { id: `folder ${uri}`, label, icon: { id: "root-folder" }, spoken: `Folder ${label}, ${counted(rows.length, "connector")}`, expands: "expanded" },
    (parent) => scopeNodes(context, rows, parent),
  );
}

function scopeNodes(context: NodesContext, rows: readonly ConnectorRow[], parent: ConnectorNode | undefined): readonly ConnectorNode[] {
  const groups = new Map<string, ConnectorRow[]>();
  for (const row of rows) {
    const key = scopeOrder(row.scope);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].sort(([one], [other]) => inOrder(one, other)).map(([key, group]) => scopeNode(context, key, group, parent));
}

/** Sorts the account first, then each organization with its projects behind it, then what is not known. */
function scopeOrder(scope: FileScope): string {
  switch (scope.level) {
    case "account":
      return "0";
    case "org":
      return `1 ${scope.org}`;
    case "project":
      return `1 ${scope.org} ${scope.project}`;
    case "unknown":
      return "2";
  }
}

const scopeIcons = { account: "globe", org: "organization", project: "project", unknown: "question" } as const;

function scopeNode(context: NodesContext, key: string, rows: readonly ConnectorRow[], parent: ConnectorNode | undefined): ConnectorNode {
  const scope = rows[0]?.scope ?? { level: "unknown", reason: "unknown-scope" };
  const label = scopeLabel(scope);
  return withChildren(
    {
      id: `${parent?.id ?? ""} scope ${key}`,
      label,
      icon: { id: scopeIcons[scope.level] },
      spoken: `${label}, ${counted(rows.length, "connector")}`,
      expands: "expanded",
      ...(scope.level === "unknown" ? { tooltip: () => "Their files do not say in which scope they live, or a placeholder stands there. List them under scopes in keyline.jsonc, or write orgIdentifier and projectIdentifier into them." } : {}),
      ...(parent === undefined ? {} : { parent }),
    },
    (node) => [...rows].sort((one, other) => inOrder(rowLabel(one), rowLabel(other)) || inOrder(one.key, other.key)).map((row) => connectorNode(context, row, node)),
  );
}

function scopeLabel(scope: FileScope): string {
  switch (scope.level) {
    case "account":
      return "Account";
    case "org":
      return shownText(`Organization ${scope.org}`);
    case "project":
      return shownText(`Project ${scope.org}/${scope.project}`);
    case "unknown":
      return "Scope Not Told";
  }
}

function rowLabel(row: ConnectorRow): string {
  return shownText(row.name ?? row.identifier);
}

const stateIcons: Readonly<Record<ConnectorStateKind, ConnectorNode["icon"]>> = {
  verified: { id: "pass", color: "testing.iconPassed" },
  untested: { id: "circle-large-outline", color: "testing.iconUnset" },
  loading: { id: "sync~spin" },
  failing: { id: "error", color: "testing.iconFailed" },
  waiting: { id: "warning", color: "list.warningForeground" },
  "not-approved": { id: "shield", color: "list.warningForeground" },
  restricted: { id: "lock", color: "disabledForeground" },
  "no-vault": { id: "question", color: "list.warningForeground" },
  "not-checked": { id: "circle-slash", color: "disabledForeground" },
};

function connectorNode(context: NodesContext, row: ConnectorRow, parent: ConnectorNode): ConnectorNode {
  const state = context.state(row);
  const label = rowLabel(row);
  const where = row.vault?.name ?? (isKeyVault(row) ? undefined : shownText(row.type));
  const description = [where, state.short].filter((part) => part !== undefined).join(" · ");
  const keeps = isSecretManager(row);
  const uses = keeps ? `, ${referenceWords(context, row)}, ${secretWords(context, row)}` : "";
  return withChildren(
    {
      id: `connector ${row.key}`,
      label,
      description,
      icon: stateIcons[state.kind],
      spoken: `Connector ${label}, ${connectorWords(row)}, ${state.short}${uses}`,
      expands: keeps ? "collapsed" : "not",
      context: contextTokens(row, state),
      tooltip: () => tooltip(row, context.state(row), context.now()),
      about: row,
      parent,
    },
    (node) => (keeps ? usesNodes(context, row, node) : []),
  );
}

/** As the menus in package.json test them. */
function contextTokens(row: ConnectorRow, { kind }: ConnectorState): string {
  const tokens = {
    connector: true,
    keyVault: isKeyVault(row),
    yaml: isYamlRow(row),
    vault: row.vault !== undefined,
    notApproved: kind === "not-approved",
  };
  return Object.entries(tokens).flatMap(([token, holds]) => (holds ? [token] : [])).join(" ");
}

function connectorWords(row: ConnectorRow): string {
  return row.vault === undefined ? `type ${shownText(row.type)}` : `vault ${row.vault.name}`;
}

function usesNodes(context: NodesContext, row: ConnectorRow, parent: ConnectorNode): readonly ConnectorNode[] {
  const folderOf = (): string => row.folder;
  return [
    usesNode({ id: `references ${row.key}`, what: "reference", label: referenceWords(context, row), uses: row.references, folderOf }, parent),
    usesNode({ id: `secrets ${row.key}`, what: "secret", label: secretWords(context, row), uses: row.secrets, folderOf }, parent),
  ];
}

function referenceWords({ reading }: NodesContext, { references }: ConnectorRow): string {
  return `${counted(references.length, "reference")}${reading ? " so far" : ""}`;
}

function secretWords({ reading }: NodesContext, { secrets }: ConnectorRow): string {
  return `${counted(secrets.length, "secret")} kept in it${reading ? " so far" : ""}`;
}

function tooltip(row: ConnectorRow, state: ConnectorState, now: number): string {
  const { vault } = row;
  const tested = state.tested === undefined ? "" : ` Tested ${relativeTime(Math.min(0, state.tested - now))}.`;
  return [
    rowLabel(row),
    `${state.short}. ${state.detail}${tested}`,
    "",
    `Reference: ${shownText(shownReference(row))}`,
    `Type: ${shownText(row.type)}`,
    ...(vault === undefined ? [] : [`Vault: ${vault.name}, ${cloudNames[vault.cloud]}`, `Tenant: ${vault.tenant ?? "not named"}`]),
    ...(row.description === undefined ? [] : [`Description: ${shownText(row.description, 200)}`]),
    ...(row.tags ?? []).slice(0, 15).map(([name, value]) => `Tag: ${shownText(name)}${value === "" ? "" : `: ${shownText(value)}`}`),
    `File: ${shownFile(row.folder, row.uri)}`,
  ].join("\n");
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

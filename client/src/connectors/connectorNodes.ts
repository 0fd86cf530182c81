import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { FileScope } from "../../../server/src/core/model/scope.ts";
import type { ConnectorRow, ConnectorUse, ProtocolRange } from "../../../server/src/protocol/messages.ts";
import { cloudNames } from "../azure/cloudNames.ts";
import { ageWords } from "./ageWords.ts";
import { connectorReference, isKeyVault } from "./connectorSource.ts";
import type { ConnectorState, ConnectorStateKind } from "./connectorState.ts";
import { isSecretManager } from "./connectorState.ts";
import { counted } from "./counted.ts";
import { isYamlRow } from "./isYamlRow.ts";
import { shortPlace, shortReference, shownFile, shownPlace } from "./shownPlace.ts";

/** One line of the tree, as plain data. Its children are made when they are asked for. */
export interface ConnectorNode {
  /** The same after each refresh, so that what is selected and expanded stays so. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** A product icon, and the colour it has in the theme. */
  readonly icon: { readonly id: string; readonly color?: string };
  /** What a screen reader says. */
  readonly spoken: string;
  readonly expands: "not" | "collapsed" | "expanded";
  /** Tokens that menus test. */
  readonly context?: string;
  /** Plain text, made when the mouse rests on the line. */
  readonly tooltip?: () => string;
  /** Where a click and Enter go. */
  readonly place?: { readonly uri: string; readonly range: ProtocolRange };
  /** Set for a connector's own line. */
  readonly row?: ConnectorRow;
  readonly parent?: ConnectorNode;
  readonly children: () => readonly ConnectorNode[];
}

export interface NodesContext {
  readonly rows: readonly ConnectorRow[];
  /** True while files are still being read: what is counted is then said to be counted so far. */
  readonly reading: boolean;
  /** Of the workspace, in its order. With several, each has a line of its own above its scopes. */
  readonly folders: readonly { readonly uri: string; readonly name: string }[];
  readonly state: (row: ConnectorRow) => ConnectorState;
  readonly now: () => number;
}

/** So many places are shown at once; the rest stands behind a line that says how many there are. */
const pageSize = 200;

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
  const scope = rows[0]?.scope ?? { level: "unknown" };
  const label = scopeLabel(scope);
  return withChildren(
    {
      id: `${parent?.id ?? ""} scope ${key}`,
      label,
      icon: { id: scopeIcons[scope.level] },
      spoken: `${label}, ${counted(rows.length, "connector")}`,
      expands: "expanded",
      ...(scope.level === "unknown" ? { tooltip: () => "It cannot be told from the file in which organization or project these are: a placeholder stands there." } : {}),
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
      return "Scope not known";
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
      row,
      parent,
    },
    (node) => (keeps ? [usesNode(row, "reference", referenceWords(context, row), node), usesNode(row, "secret", secretWords(context, row), node)] : []),
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

function referenceWords({ reading }: NodesContext, { references }: ConnectorRow): string {
  return `${counted(references.length, "reference")}${reading ? " so far" : ""}`;
}

function secretWords({ reading }: NodesContext, { secrets }: ConnectorRow): string {
  return `${counted(secrets.length, "secret")} kept in it${reading ? " so far" : ""}`;
}

const usesIcons = { reference: "references", secret: "key" } as const;

function usesNode(row: ConnectorRow, what: "reference" | "secret", label: string, parent: ConnectorNode): ConnectorNode {
  const uses = what === "reference" ? row.references : row.secrets;
  return withChildren(
    { id: `${what}s ${row.key}`, label, icon: { id: usesIcons[what] }, spoken: label, expands: uses.length === 0 ? "not" : "collapsed", parent },
    (node) => placeNodes(row, what, uses, 0, node),
  );
}

/** One page of places and, where there are more, a line that holds the next. */
function placeNodes(row: ConnectorRow, what: "reference" | "secret", uses: readonly ConnectorUse[], start: number, parent: ConnectorNode): readonly ConnectorNode[] {
  const end = start + pageSize;
  const places = uses.slice(start, end).map((use, index) => placeNode(row, what, use, start + index, parent));
  if (uses.length <= end) return places;
  const label = `${String(uses.length - end)} more`;
  const more = withChildren(
    { id: `${what}s ${row.key} from ${String(end)}`, label, icon: { id: "ellipsis" }, spoken: `${label} ${what}s`, expands: "collapsed", parent },
    (node) => placeNodes(row, what, uses, end, node),
  );
  return [...places, more];
}

function placeNode(row: ConnectorRow, what: "reference" | "secret", use: ConnectorUse, index: number, parent: ConnectorNode): ConnectorNode {
  return {
    id: `${what} ${row.key} ${String(index)}`,
    label: shownText(shortReference(use.text)),
    description: shortPlace(row.folder, use),
    icon: { id: what === "reference" ? "symbol-reference" : "key" },
    spoken: `${what === "reference" ? "Reference" : "Secret"} ${shownText(use.text)}, ${shownFile(row.folder, use.uri)}, line ${String(use.range.start.line + 1)}`,
    expands: "not",
    tooltip: () => `${shownText(use.text, 200)}\n${shownPlace(row.folder, use)}`,
    place: use,
    parent,
    children: () => [],
  };
}

function tooltip(row: ConnectorRow, state: ConnectorState, now: number): string {
  const { vault } = row;
  const tested = state.tested === undefined ? "" : ` Tested ${ageWords(now - state.tested)}.`;
  return [
    rowLabel(row),
    `${state.short}. ${state.detail}${tested}`,
    "",
    `Reference: ${shownText(connectorReference(row))}`,
    `Type: ${shownText(row.type)}`,
    ...(vault === undefined ? [] : [`Vault: ${vault.name}, ${cloudNames[vault.cloud]}`, `Tenant: ${vault.tenant ?? "not named"}`]),
    ...(row.description === undefined ? [] : [`Description: ${shownText(row.description, 200)}`]),
    ...(row.tags ?? []).slice(0, 15).map(([name, value]) => `Tag: ${shownText(name)}${value === "" ? "" : `: ${shownText(value)}`}`),
    `File: ${shownFile(row.folder, row.uri)}`,
  ].join("\n");
}

function withChildren(node: Omit<ConnectorNode, "children">, make: (node: ConnectorNode) => readonly ConnectorNode[]): ConnectorNode {
  let made: readonly ConnectorNode[] | undefined;
  const whole: ConnectorNode = { ...node, children: () => (made ??= make(whole)) };
  return whole;
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

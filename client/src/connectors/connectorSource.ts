import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { pickText } from "../ui/pickText.ts";
import type { Told } from "./toldScope.ts";
import { isTold } from "./toldScope.ts";

/** The connectors of the workspace, as the language server knows them. */
export interface ConnectorSource {
  /** Those that were loaded last. */
  rows(): readonly ConnectorRow[];
  load(): Promise<readonly ConnectorRow[]>;
  /**
   * The connector that an item of our own tree stands for. Undefined for anything else: another extension may run a
   * command with any argument.
   */
  of(argument: unknown): ConnectorRow | undefined;
}

/** The connector that a command is about: the tree's item, or the one that the person picks. */
export async function chooseConnector(
  source: ConnectorSource,
  dialogs: Dialogs,
  argument: unknown,
  title: string,
  fits: (row: ConnectorRow) => boolean,
): Promise<ConnectorRow | undefined> {
  const given = source.of(argument);
  if (given !== undefined) return given;
  const rows = (await source.load()).filter(fits);
  if (rows.length === 0) {
    dialogs.tell("The workspace's files define no such connector. Run Keyline: New Azure Key Vault Connector, or open the folder that holds its YAML.");
    return undefined;
  }
  return dialogs.pick(title, rows.map(connectorChoice));
}

export function connectorChoice(row: ConnectorRow): Choice<ConnectorRow> {
  return { label: pickText(row.name ?? row.identifier), description: pickText(`${shownReference(row)} · ${row.vault?.name ?? row.type}`), value: row };
}

/** How a file of the connector's own scope or below refers to it. Where its scope is not known, it is asked for first: see askScope. */
export function connectorReference({ scope, identifier }: Told<Pick<ConnectorRow, "scope" | "identifier">>): string {
  return scope.level === "project" ? identifier : `${scope.level}.${identifier}`;
}

/** The same to be read, where nobody is asked. */
export function shownReference(row: Pick<ConnectorRow, "scope" | "identifier">): string {
  return isTold(row) ? connectorReference(row) : `${row.identifier} (scope not told)`;
}

export function isKeyVault(row: ConnectorRow): boolean {
  return row.type === "AzureKeyVault";
}

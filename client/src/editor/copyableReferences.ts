/** References in the words of Harness, for the clipboard; through a connector of unknown scope once the person has told it. */
import type { ConnectorRow, SecretTextChoice } from "../../../server/src/protocol/messages.ts";
import { createScopeAsker } from "../connectors/askScope.ts";
import { shownFile } from "../connectors/shownPlace.ts";
import type { Told } from "../connectors/toldScope.ts";
import { isTold } from "../connectors/toldScope.ts";
import type { EntityContext } from "../entities/entityContext.ts";
import { usableConnectors } from "../entities/referenceDraft.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import { pickText } from "../ui/pickText.ts";
import { canBeInPath, directPath, expressionOf } from "./harnessReference.ts";

export type Copyable =
  | { readonly kind: "copy"; readonly text: string }
  /** A path through the connector, whose prefix depends on a scope that is not told. */
  | { readonly kind: "ask"; readonly connector: ConnectorRow };

type Entities = Pick<EntityContext, "connectors" | "dialogs" | "files" | "isTrusted">;

/** Of the entities that a place sees, and by a path for each connector. */
export async function copyables({ connectors }: Entities, subject: SecretSubject, choices: readonly SecretTextChoice[]): Promise<readonly Copyable[]> {
  const rows = usableConnectors(await connectors.load(), { vault: subject.vault });
  const through = choices.filter((choice) => choice.through === "entity").map(({ identifier }) => identifier);
  const paths = rows.filter(isTold).map((row) => directPath(row, subject)).filter((path) => path !== undefined);
  const untold = canBeInPath(subject) ? rows.filter((row) => !isTold(row)) : [];
  return [
    ...[...new Set([...through, ...paths])].map((reference) => ({ kind: "copy", text: expressionOf(reference) }) as const),
    ...untold.map((connector) => ({ kind: "ask", connector }) as const),
  ];
}

/** The line of a list for a path whose connector's scope is not told. */
export function untoldPathWords({ identifier, folder, uri }: ConnectorRow): { readonly label: string; readonly detail: string } {
  return { label: `A path through the connector ${pickText(identifier)}…`, detail: `${pickText(shownFile(folder, uri), 200)} does not say in which scope it lives: you are asked.` };
}

/** The connector with its scope. Undefined where the person left. */
export async function askedConnector(entities: Entities, connector: ConnectorRow): Promise<Told<ConnectorRow> | undefined> {
  return createScopeAsker(entities, (await entities.connectors.load()).map(({ scope }) => scope)).told(connector);
}

import type { ConnectorEntity, WorkspaceModel } from "../core/index.ts";
import { usedConnector } from "../core/index.ts";
import { findConnector, firstFound } from "../core/chain/lookUp.ts";
import { scopeKey } from "../core/model/scope.ts";
import type { TextRange } from "../core/model/textRange.ts";
import type { ConnectorRow, ConnectorUse } from "../protocol/messages.ts";
import type { Locate } from "../workspace/fileUses.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";
import { entityRanges } from "./entityRanges.ts";
import { placedReferences } from "./placedReferences.ts";

interface Uses {
  readonly secrets: ConnectorUse[];
  readonly references: ConnectorUse[];
}

/** The connectors of one folder with what uses each, from what is kept of its files: none is read or analyzed for it. */
export function connectorRows(folder: WorkspaceFolder, locator: (text: string) => Locate): readonly ConnectorRow[] {
  const model = folder.model();
  const rangeOf = entityRanges(folder, locator);
  const uses = new Map<ConnectorEntity, Uses>(countedConnectors(model).map((connector) => [connector, { secrets: [], references: [] }]));
  for (const entity of model.entities) {
    if (entity.kind !== "secret" || entity.connector === undefined) continue;
    const written = entity.connector;
    const connector = firstFound(entity.scope, (scope) => findConnector(model, written, scope).connector);
    if (connector !== undefined) uses.get(connector)?.secrets.push({ uri: entity.origin.uri, range: rangeOf(entity), text: entity.identifier });
  }
  for (const { uri, use, from } of placedReferences(folder, model)) {
    const connector = usedConnector(model, use, from);
    if (connector !== undefined) uses.get(connector)?.references.push({ uri, range: use.range, text: use.text });
  }
  return [...uses].map(([connector, used]) => rowOf(folder.uri, connector, rangeOf(connector), used));
}

/** Of several that say to be the same connector the last counts, as in the model; where the scope is unknown, none is known to be the same. */
function countedConnectors(model: WorkspaceModel): readonly ConnectorEntity[] {
  return model.entities.filter((entity) => entity.kind === "connector").filter(({ scope, identifier }, index, all) =>
    scope.level === "unknown" || model.connector(scope, identifier) === all[index]);
}

function rowOf(folder: string, connector: ConnectorEntity, range: TextRange, { secrets, references }: Uses): ConnectorRow {
  const { kind: _kind, origin, said: _said, ...fields } = connector;
  return { ...fields, key: keyOf(folder, connector), folder, uri: origin.uri, range, secrets, references };
}

function keyOf(folder: string, { scope, identifier, origin }: ConnectorEntity): string {
  const place = scope.level === "unknown" ? `${origin.uri}#${String(origin.identifierSpan.start)}` : scopeKey(scope);
  return `${folder} ${place} ${identifier}`;
}

import type { ConnectorEntity, Entity, WorkspaceModel } from "../core/index.ts";
import { usedConnector } from "../core/index.ts";
import { findConnector } from "../core/chain/lookUp.ts";
import { documentScope } from "../core/model/documentScope.ts";
import type { FileScope } from "../core/model/scope.ts";
import { scopeKey } from "../core/model/scope.ts";
import type { TextRange } from "../core/model/textRange.ts";
import type { ConnectorRow, ConnectorUse } from "../protocol/messages.ts";
import type { FileUses, Locate } from "../workspace/fileUses.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";

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
    const { connector } = findConnector(model, entity.connector, entity.scope);
    if (connector !== undefined) uses.get(connector)?.secrets.push({ uri: entity.origin.uri, range: rangeOf(entity), text: entity.identifier });
  }
  for (const file of folder.uses().files()) addReferences(uses, model, file);
  return [...uses].map(([connector, used]) => rowOf(folder.uri, connector, rangeOf(connector), used));
}

/** Of several that say to be the same connector the last counts, as in the model; where the scope is unknown, none is known to be the same. */
function countedConnectors(model: WorkspaceModel): readonly ConnectorEntity[] {
  return model.entities.filter((entity) => entity.kind === "connector").filter(({ scope, identifier }, index, all) =>
    scope.level === "unknown" || model.connector(scope, identifier) === all[index]);
}

function addReferences(uses: ReadonlyMap<ConnectorEntity, Uses>, model: WorkspaceModel, file: FileUses): void {
  const scopes: FileScope[] = file.documents.map((document) => documentScope(document, file.path, model.config));
  for (const use of file.references) {
    const connector = usedConnector(model, use, scopes[use.document] ?? { level: "unknown" });
    if (connector !== undefined) uses.get(connector)?.references.push({ uri: file.uri, range: use.range, text: use.text });
  }
}

const noRange: TextRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** An entity of a YAML file carries its place; the text of keyline.jsonc is at hand. */
function entityRanges(folder: WorkspaceFolder, locator: (text: string) => Locate): (entity: Entity) => TextRange {
  let inConfig: Locate | undefined;
  return ({ origin }) => {
    if (origin.identifierRange !== undefined) return origin.identifierRange;
    const { uri, text } = folder.config();
    if (origin.uri !== uri || text === undefined) return noRange;
    inConfig ??= locator(text);
    return inConfig(origin.identifierSpan);
  };
}

function rowOf(folder: string, connector: ConnectorEntity, range: TextRange, { secrets, references }: Uses): ConnectorRow {
  const { kind: _kind, origin, ...said } = connector;
  return { ...said, key: keyOf(folder, connector), folder, uri: origin.uri, range, secrets, references };
}

function keyOf(folder: string, { scope, identifier, origin }: ConnectorEntity): string {
  const place = scope.level === "unknown" ? `${origin.uri}#${String(origin.identifierSpan.start)}` : scopeKey(scope);
  return `${folder} ${place} ${identifier}`;
}

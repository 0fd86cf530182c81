import type { SecretPlace } from "../core/index.ts";
import { placeOfSecret, usedSecret } from "../core/index.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import { vaultKey } from "../core/model/vaultTarget.ts";
import type { ConnectorUse, SecretUse, SecretUseRow } from "../protocol/messages.ts";
import type { Locate } from "../workspace/fileUses.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";
import { entityRanges } from "./entityRanges.ts";
import { placedReferences } from "./placedReferences.ts";

interface OpenRow {
  readonly vault: VaultTarget;
  readonly name: string;
  readonly references: SecretUse[];
  readonly entities: SecretUse[];
}

/** The vaults' secrets that one folder names, with what leads to each, from what is kept of its files: none is read or analyzed for it. */
export function secretUseRows(folder: WorkspaceFolder, locator: (text: string) => Locate): readonly SecretUseRow[] {
  const model = folder.model();
  const rangeOf = entityRanges(folder, locator);
  const rows = new Map<string, OpenRow>();
  for (const entity of model.entities) {
    const place = entity.kind === "secret" ? placeOfSecret(model, entity) : undefined;
    if (place !== undefined) rowAt(rows, place).entities.push(useOf({ uri: entity.origin.uri, range: rangeOf(entity), text: entity.identifier }, place));
  }
  for (const { uri, use, from } of placedReferences(folder, model)) {
    const place = usedSecret(model, use, from);
    if (place !== undefined) rowAt(rows, place).references.push(useOf({ uri, range: use.range, text: use.text }, place));
  }
  return [...rows.values()];
}

/** The rows of all folders, one for each secret of a vault. */
export function mergedSecretUses(folders: readonly (readonly SecretUseRow[])[]): readonly SecretUseRow[] {
  const [only, ...others] = folders;
  if (only === undefined || others.length === 0) return only ?? [];
  const rows = new Map<string, OpenRow>();
  for (const { vault, name, references, entities } of folders.flat()) {
    const row = rowAt(rows, { vault, name });
    for (const use of references) row.references.push(use);
    for (const use of entities) row.entities.push(use);
  }
  return [...rows.values()];
}

function rowAt(rows: Map<string, OpenRow>, { vault, name }: SecretPlace): OpenRow {
  const key = `${vaultKey(vault)} ${name.toLowerCase()}`;
  let row = rows.get(key);
  if (row === undefined) {
    row = { vault, name, references: [], entities: [] };
    rows.set(key, row);
  }
  return row;
}

function useOf(use: ConnectorUse, { version, key }: SecretPlace): SecretUse {
  return { ...use, ...(version === undefined ? {} : { version }), ...(key === undefined ? {} : { jsonKey: key }) };
}

import type { Analysis, Entity } from "../core/index.ts";
import { analyze } from "../core/index.ts";
import type { Files } from "../host/files.ts";
import { decodeText } from "./decodeText.ts";
import { mayHoldEntities } from "./mayHoldEntities.ts";
import type { ReadProblem } from "./readDocument.ts";
import { maxFileBytes } from "./readDocument.ts";

export type FileEntities = { readonly ok: true; readonly entities: readonly Entity[] } | { readonly ok: false; readonly problem: ReadProblem };

/** The connectors and secrets that one file on disk defines. */
export async function fileEntities(files: Files, path: string, uri: string): Promise<FileEntities> {
  const read = await files.read(path, maxFileBytes);
  if (!read.ok) return read;
  if (!mayHoldEntities(read.value)) return { ok: true, entities: [] };
  const decoded = decodeText(read.value);
  if (!decoded.ok) return decoded;
  const entities = entitiesOf(analyze(uri, decoded.text));
  return entities === undefined ? { ok: false, problem: "too-long" } : { ok: true, entities };
}

/**
 * The connectors and secrets of one text; undefined where it is too long to be read for them. A piece of a string
 * keeps the whole string in memory; a copy keeps only itself. Entities are plain data.
 */
export function entitiesOf(analysis: Analysis): readonly Entity[] | undefined {
  if (analysis.tooLarge) return undefined;
  return analysis.entities.length === 0 ? [] : (JSON.parse(JSON.stringify(analysis.entities)) as readonly Entity[]);
}

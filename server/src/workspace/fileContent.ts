import type { Entity } from "../core/index.ts";
import { analyze } from "../core/index.ts";
import type { Files } from "../host/files.ts";
import { decodeText } from "./decodeText.ts";
import { entitiesOf } from "./entitiesOf.ts";
import type { FileUses, Locate } from "./fileUses.ts";
import { fileUses } from "./fileUses.ts";
import { mayHoldEntities } from "./mayHoldEntities.ts";
import { mayHoldReferences } from "./mayHoldReferences.ts";
import type { ReadProblem } from "./readDocument.ts";
import { maxFileBytes } from "./readDocument.ts";

export interface ContentOptions {
  /** Whether references are wanted too. */
  readonly uses: boolean;
  /** Makes the function that finds lines in one text. Absent where nobody asks for places. */
  readonly locator?: (text: string) => Locate;
}

export type FileEntities = { readonly ok: true; readonly entities: readonly Entity[] } | { readonly ok: false; readonly problem: ReadProblem };

export interface FileContent {
  readonly entities: FileEntities;
  /** Absent where references were not asked for, or could not be read. */
  readonly uses?: FileUses;
}

/** What one file on disk defines and, where that is asked for, what it refers to: read once for both. */
export async function fileContent(files: Files, path: string, uri: string, options: ContentOptions): Promise<FileContent> {
  const read = await files.read(path, maxFileBytes);
  if (!read.ok) return { entities: read };
  const forEntities = mayHoldEntities(read.value);
  const forUses = options.uses && mayHoldReferences(read.value);
  if (!forEntities && !forUses) return { entities: noEntities, ...(options.uses ? { uses: noUses(uri) } : {}) };
  const decoded = decodeText(read.value);
  if (!decoded.ok) return { entities: forEntities ? decoded : noEntities };
  const analysis = analyze(uri, decoded.text);
  const locate = options.locator?.(decoded.text);
  const entities = entitiesOf(analysis, locate);
  const uses = options.uses && locate !== undefined ? fileUses(analysis, locate) : undefined;
  return {
    entities: entities !== undefined ? { ok: true, entities } : forEntities ? { ok: false, problem: "too-long" } : noEntities,
    ...(uses === undefined ? {} : { uses }),
  };
}

const noEntities: FileEntities = { ok: true, entities: [] };

function noUses(uri: string): FileUses {
  return { uri, path: {}, documents: [], references: [] };
}

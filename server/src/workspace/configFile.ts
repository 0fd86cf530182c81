import { join } from "node:path";
import type { ConfigProblem, KeylineConfig } from "../core/index.ts";
import { emptyConfig, readConfig } from "../core/index.ts";
import type { Files } from "../host/files.ts";
import { fileUri } from "./fileUri.ts";
import { pathInside } from "./pathInside.ts";
import type { ReadProblem } from "./readDocument.ts";
import { readDocument } from "./readDocument.ts";

export const configFileName = "keyline.jsonc";

/** A keyline.jsonc as read, or the answer that there is none. */
export interface ConfigFile {
  readonly uri: string;
  /** Absent where there is no such file or it could not be read. */
  readonly text?: string;
  readonly config: KeylineConfig;
  readonly problems: readonly ConfigProblem[];
  /** Why an existing file could not be read. */
  readonly readProblem?: ReadProblem;
}

export function configFromText(uri: string, text: string): ConfigFile {
  return { uri, text, ...readConfig(uri, text) };
}

export function noConfig(uri: string): ConfigFile {
  return { uri, config: emptyConfig, problems: [] };
}

/** Reads the keyline.jsonc of a folder. `root` has its links resolved; a link that leaves it is not followed. */
export async function readFolderConfig(files: Files, root: string, uri: string): Promise<ConfigFile> {
  const path = join(root, configFileName);
  const target = await files.realPath(path);
  if (!target.ok) return target.problem === "not-found" ? noConfig(uri) : { ...noConfig(uri), readProblem: target.problem };
  if (pathInside(root, target.value) === undefined) return { ...noConfig(uri), readProblem: "link-outside" };
  return readConfigAt(files, target.value, uri);
}

/** Reads the configuration that a person named. */
export async function readConfigAt(files: Files, path: string, uri: string = fileUri(path)): Promise<ConfigFile> {
  const read = await readDocument(files, path);
  return read.ok ? configFromText(uri, read.text) : { ...noConfig(uri), readProblem: read.problem };
}

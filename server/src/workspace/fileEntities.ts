import type { Files } from "../host/files.ts";
import type { FileEntities } from "./fileContent.ts";
import { fileContent } from "./fileContent.ts";

/** The connectors and secrets that one file on disk defines. */
export async function fileEntities(files: Files, path: string, uri: string): Promise<FileEntities> {
  return (await fileContent(files, path, uri, { uses: false })).entities;
}

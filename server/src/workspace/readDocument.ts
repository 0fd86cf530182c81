import type { FileProblem, Files } from "../host/files.ts";
import type { TextProblem } from "./decodeText.ts";
import { decodeText } from "./decodeText.ts";

/** Longer files are not read at all. The core reads only the syntax of expressions long before this. */
export const maxFileBytes = 32 * 1024 * 1024;

export type ReadProblem =
  | FileProblem
  | TextProblem
  /** Read, but not for its connectors and secrets. */
  | "too-long"
  | "broken-link"
  | "link-outside";

export type ReadDocument = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: ReadProblem };

export async function readDocument(files: Files, path: string): Promise<ReadDocument> {
  const read = await files.read(path, maxFileBytes);
  return read.ok ? decodeText(read.value) : read;
}

/** What a person is told of a file that could not be read: what is wrong, then what to do. */
export function readProblemWords(problem: ReadProblem): string {
  switch (problem) {
    case "not-found":
      return "no such file or folder";
    case "no-permission":
      return "no permission to read it";
    case "not-a-file":
      return "not a regular file, not checked";
    case "too-large":
      return "larger than 32 MiB, not checked";
    case "too-long":
      return "longer than 4 MiB, not read for connectors and secrets; split it";
    case "broken-link":
      return "link to nothing, not checked";
    case "link-outside":
      return "link that leaves the folder, not followed";
    case "unreadable":
      return "cannot be read";
    case "binary":
      return "binary, not checked";
    case "utf-16":
      return "UTF-16, not checked; save it as UTF-8";
    case "invalid-utf-8":
      return "not valid UTF-8, not checked; save it as UTF-8";
  }
}

import { basename } from "node:path";
import type { FileProblem, FileResult, Files } from "../../server/src/host/files.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";

/**
 * The file system, in which whatever bears one of these names cannot be read, listed or resolved. Permissions of real
 * files would not do: they do not bind root, who runs tests in many a container.
 */
export function troubledFiles(problems: Readonly<Record<string, FileProblem>>): Files {
  const trouble = <T>(path: string): FileResult<T> | undefined => {
    const problem = problems[basename(path)];
    return problem === undefined ? undefined : { ok: false, problem };
  };
  return {
    read: async (path, maxBytes) => trouble<Uint8Array>(path) ?? nodeFiles.read(path, maxBytes),
    list: async (path) => trouble<never>(path) ?? nodeFiles.list(path),
    kind: (path) => nodeFiles.kind(path),
    realPath: (path) => nodeFiles.realPath(path),
  };
}

/** Reading the file system, so that tests can own it. Nothing here writes. */
export interface Files {
  /** The bytes of a regular file; a pipe or a device is `not-a-file`, so that reading always ends. */
  read(path: string, maxBytes: number): Promise<FileResult<Uint8Array>>;
  /** What a folder holds, in no order; links are not followed. */
  list(path: string): Promise<FileResult<readonly FolderEntry[]>>;
  /** What stands at `path`, links followed. */
  kind(path: string): Promise<FileResult<"file" | "folder" | "other">>;
  /** The absolute path with all links resolved. */
  realPath(path: string): Promise<FileResult<string>>;
}

export type FileProblem = "not-found" | "no-permission" | "not-a-file" | "too-large" | "unreadable";

export type FileResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: FileProblem };

export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
}

import type { WorkspaceFiles } from "../../client/src/connectors/wizard/workspaceFiles.ts";

export interface MemoryFiles extends WorkspaceFiles {
  readonly texts: Map<string, string>;
  /** The files that were created or changed, in order. */
  readonly changed: string[];
}

/** The files of a workspace in memory. */
export function memoryFiles(initial: Readonly<Record<string, string>> = {}): MemoryFiles {
  const texts = new Map(Object.entries(initial));
  const changed: string[] = [];
  const put = (uri: string, text: string): boolean => {
    texts.set(uri, text);
    changed.push(uri);
    return true;
  };
  return {
    texts,
    changed,
    folders: () => [],
    join: (folder, path) => `${folder}/${path}`,
    read: (uri) => {
      const text = texts.get(uri);
      return Promise.resolve(text === undefined ? { kind: "absent" } : { kind: "text", text });
    },
    create: (uri, text) => Promise.resolve(!texts.has(uri) && put(uri, text)),
    rewrite: (files) => Promise.resolve(files.every(({ uri, from, to }) => texts.get(uri) === from && put(uri, to))),
    save: () => Promise.resolve(true),
    show: () => Promise.resolve(),
    pickNew: () => Promise.resolve(undefined),
  };
}

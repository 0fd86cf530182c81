/** The entry of keyline.jsonc that gives a file its scope, for a file that cannot say it: an account's entities carry no ids. */
import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, type Node, type ParseError } from "jsonc-parser";

const formattingOptions = { tabSize: 2, insertSpaces: true, eol: "\n" } as const;

/**
 * The text of keyline.jsonc with an entry for the file at `path`, below the folder with `/`. It comes first, because the first
 * entry that matches counts. The text itself where the file has this scope already, undefined where it cannot be changed.
 */
export function withScopeEntry(text: string, path: string, scope: string): string | undefined {
  const files = escapedGlob(path);
  if (text.trim() === "") return `${JSON.stringify({ scopes: [{ files, scope }] }, undefined, 2)}\n`;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (root?.type !== "object" || errors.length > 0) return undefined;
  const scopes = findNodeAtLocation(root, ["scopes"]);
  if (scopes !== undefined && scopes.type !== "array") return undefined;
  if (firstScope(scopes?.children ?? [], path, files) === scope) return text;
  const edits = scopes === undefined || (scopes.children ?? []).length === 0
    ? modify(text, ["scopes"], [{ files, scope }], { formattingOptions })
    : modify(text, ["scopes", 0], { files, scope }, { formattingOptions, isArrayInsertion: true });
  return applyEdits(text, edits);
}

/** The scope that the first entry gives to the file, as far as plain globs of a folder tell; undefined for any other glob before it. */
function firstScope(entries: readonly Node[], path: string, files: string): string | undefined {
  for (const entry of entries) {
    const value: unknown = getNodeValue(entry);
    if (typeof value !== "object" || value === null || !("files" in value) || !("scope" in value)) return undefined;
    const { files: glob, scope } = value;
    if (typeof glob !== "string" || typeof scope !== "string") return undefined;
    const folder = glob.endsWith("/**") ? glob.slice(0, -"**".length) : undefined;
    if (glob === files || (folder !== undefined && !/[*?[\]{}\\]/.test(folder) && path.startsWith(folder))) return scope;
    if (/[*?[\]{}\\]/.test(glob)) return undefined;
  }
  return undefined;
}

/** A glob that matches this path alone. */
function escapedGlob(path: string): string {
  return path.replace(/[*?[\]{}()!\\]/g, "?");
}

import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { ConnectorUse } from "../../../server/src/protocol/messages.ts";

/** A place as people name it: the file below its folder, and the line counted from 1. */
export function shownPlace(folder: string, { uri, range }: Pick<ConnectorUse, "uri" | "range">): string {
  return `${shownFile(folder, uri)}:${String(range.start.line + 1)}`;
}

/** The same with the file's name first, for a narrow line: `deploy.yaml:12 in pipelines`. */
export function shortPlace(folder: string, use: Pick<ConnectorUse, "uri" | "range">): string {
  const path = pathBelow(folder, use.uri);
  const slash = path.lastIndexOf("/");
  return slash < 0 ? placeName(use) : `${placeName(use)} in ${shownText(path.slice(0, slash))}`;
}

/** The file's name and the line alone. */
export function placeName({ uri, range }: Pick<ConnectorUse, "uri" | "range">): string {
  return `${shownText(decoded(uri).split("/").at(-1) ?? "")}:${String(range.start.line + 1)}`;
}

/** A reference below its connector: a path needs neither scheme nor connector there. */
export function shortReference(text: string): string {
  return /^[a-z.]{1,40}:\/\/[^/]{1,128}\/(.+)$/.exec(text)?.[1] ?? text;
}

/** The path of a file below its folder, or its last parts where it lies elsewhere. Works on URIs alone, whatever their scheme. */
export function shownFile(folder: string, uri: string): string {
  return shownText(pathBelow(folder, uri), 200);
}

/** The path of a file below its folder, as the globs of keyline.jsonc see it; undefined where it lies elsewhere. */
export function pathInFolder(folder: string, uri: string): string | undefined {
  const [root, file] = [decoded(folder).replace(/\/$/, ""), decoded(uri)];
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : undefined;
}

function pathBelow(folder: string, uri: string): string {
  return pathInFolder(folder, uri) ?? decoded(uri).split("/").slice(-2).join("/");
}

/** Server and client may escape one path in two ways. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { ConnectorUse } from "../../../server/src/protocol/messages.ts";

/** A place as people name it: the file below its folder, and the line counted from 1. */
export function shownPlace(folder: string, { uri, range }: Pick<ConnectorUse, "uri" | "range">): string {
  return `${shownFile(folder, uri)}:${String(range.start.line + 1)}`;
}

/** The path of a file below its folder, or its last parts where it lies elsewhere. Works on URIs alone, whatever their scheme. */
export function shownFile(folder: string, uri: string): string {
  const [root, file] = [decoded(folder).replace(/\/$/, ""), decoded(uri)];
  const below = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file.split("/").slice(-2).join("/");
  return shownText(below);
}

/** Server and client may escape one path in two ways. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

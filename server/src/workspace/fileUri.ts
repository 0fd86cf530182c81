import { fileURLToPath, pathToFileURL } from "node:url";

export function fileUri(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * The path behind a `file:` URI of this machine; undefined for any other scheme, for a URI that names a host
 * (reading it would call that host) and for one that is no URI.
 */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith("file://")) return undefined;
  try {
    const url = new URL(uri);
    return url.host === "" ? fileURLToPath(url) : undefined;
  } catch {
    return undefined;
  }
}

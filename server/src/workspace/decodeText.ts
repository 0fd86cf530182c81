import { isUtf8 } from "node:buffer";

export type TextProblem = "binary" | "utf-16" | "invalid-utf-8";

export type DecodedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: TextProblem };

/** The text of a file's bytes, which must be UTF-8. A byte order mark is dropped: editors do not count it in columns either. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return { ok: false, problem: "utf-16" };
  if (bytes.includes(0)) return { ok: false, problem: "binary" };
  if (!isUtf8(bytes)) return { ok: false, problem: "invalid-utf-8" };
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return { ok: true, text: Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString("utf8") };
}

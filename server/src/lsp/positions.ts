import type { Position, Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Span } from "../core/index.ts";

export type PositionEncoding = "utf-16" | "utf-8";

/** The offset, in UTF-16 code units, of a position in the client's encoding. */
export function offsetAt(document: TextDocument, position: Position, encoding: PositionEncoding): number {
  return document.offsetAt(utf16Position(document, position, encoding));
}

export function rangeOf(document: TextDocument, span: Span, encoding: PositionEncoding): Range {
  return { start: positionAt(document, span.start, encoding), end: positionAt(document, span.end, encoding) };
}

export function positionAt(document: TextDocument, offset: number, encoding: PositionEncoding): Position {
  const position = document.positionAt(offset);
  if (encoding === "utf-16") return position;
  const before = document.getText({ start: { line: position.line, character: 0 }, end: position });
  return { line: position.line, character: Buffer.byteLength(before, "utf8") };
}

/** A position in the client's encoding as one in UTF-16; inside a character it means the character's start. */
export function utf16Position(document: TextDocument, position: Position, encoding: PositionEncoding): Position {
  if (encoding === "utf-16") return position;
  const line = document.getText({ start: { line: position.line, character: 0 }, end: { line: position.line + 1, character: 0 } });
  let bytes = 0;
  let character = 0;
  for (const letter of line) {
    bytes += utf8Length(letter.codePointAt(0) ?? 0);
    if (bytes > position.character) break;
    character += letter.length;
  }
  return { line: position.line, character };
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

import type { Scalar } from "./yamlNode.ts";

/**
 * The content of a scalar as Harness sees it, with the way back to the positions of the file.
 * Block and plain scalars are taken as written: their folding changes white space alone, which no reference holds.
 */
export interface ScalarText {
  readonly text: string;
  /** The position in the file of the content's character at `index`; `index` may be `text.length`. */
  offset(index: number): number;
  /** How the content's quotes are written in the file, for edits. */
  readonly style: Scalar["style"];
}

export function rawText(file: string, start: number, end: number): ScalarText {
  return { text: file.slice(start, end), offset: (index) => start + index, style: "plain" };
}

export function scalarText(file: string, scalar: Scalar): ScalarText {
  const raw = file.slice(scalar.start, scalar.end);
  const escapes = scalar.broken === true ? undefined : scalar.style === "double" ? "\\" : scalar.style === "single" ? "'" : undefined;
  if (escapes === undefined || !raw.includes(escapes)) {
    return { text: raw, offset: (index) => scalar.start + index, style: scalar.style };
  }
  return scalar.style === "single" ? unescapeSingle(raw, scalar.start) : unescapeDouble(raw, scalar.start);
}

const namedEscapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function unescapeDouble(raw: string, base: number): ScalarText {
  const parts: string[] = [];
  const offsets: number[] = [];
  const put = (text: string, at: number): void => {
    for (let index = 0; index < text.length; index++) offsets.push(base + at);
    parts.push(text);
  };
  for (let at = 0; at < raw.length; at++) {
    const character = raw.charAt(at);
    if (character !== "\\" || at + 1 >= raw.length) {
      put(character, at);
      continue;
    }
    const next = raw.charAt(at + 1);
    const digits = Object.hasOwn(hexDigits, next) ? hexDigits[next] : undefined;
    const named = Object.hasOwn(namedEscapes, next) ? namedEscapes[next] : undefined;
    if (digits !== undefined) {
      const code = Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16);
      put(Number.isNaN(code) || code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code), at);
      at += 1 + digits;
    } else if (next === "\n" || next === "\r") {
      at = skipLineBreak(raw, at + 1);
    } else {
      put(named ?? next, at);
      at++;
    }
  }
  offsets.push(base + raw.length);
  return { text: parts.join(""), offset: (index) => offsets[Math.min(index, offsets.length - 1)] ?? base, style: "double" };
}

/** The index of the last character of an escaped line break and of the blanks that follow it. */
function skipLineBreak(raw: string, at: number): number {
  let index = at;
  if (raw.charAt(index) === "\r" && raw.charAt(index + 1) === "\n") index++;
  while (raw.charAt(index + 1) === " " || raw.charAt(index + 1) === "\t") index++;
  return index;
}

function unescapeSingle(raw: string, base: number): ScalarText {
  const parts: string[] = [];
  const offsets: number[] = [];
  for (let at = 0; at < raw.length; at++) {
    parts.push(raw.charAt(at));
    offsets.push(base + at);
    if (raw.charAt(at) === "'" && raw.charAt(at + 1) === "'") at++;
  }
  offsets.push(base + raw.length);
  return { text: parts.join(""), offset: (index) => offsets[Math.min(index, offsets.length - 1)] ?? base, style: "single" };
}

import { expect, test } from "vitest";
import { decodeText } from "../../server/src/workspace/decodeText.ts";

test.each(["", "a", "ä語😀", "\r\n\t", "a\u0301", "\u0001", "\uffff", "\ufffd"])("text comes back as it is: %j", (text) => {
  expect(decodeText(Buffer.from(text))).toEqual({ ok: true, text });
});

test("one byte order mark is dropped, and only at the start", () => {
  expect(decodeText(Buffer.from("\ufeffa"))).toEqual({ ok: true, text: "a" });
  expect(decodeText(Buffer.from("\ufeff"))).toEqual({ ok: true, text: "" });
  expect(decodeText(Buffer.from("\ufeff\ufeffa"))).toEqual({ ok: true, text: "\ufeffa" });
  expect(decodeText(Buffer.from("a\ufeff"))).toEqual({ ok: true, text: "a\ufeff" });
});

test("a part of a larger buffer is read, and no more", () => {
  expect(decodeText(Buffer.from("xx\ufeffäyy").subarray(2, 7))).toEqual({ ok: true, text: "ä" });
  expect(decodeText(new Uint8Array(Buffer.from("xaby")).subarray(1, 3))).toEqual({ ok: true, text: "ab" });
});

test.each([
  ["utf-16", Buffer.from("\ufeffa: 1", "utf16le")],
  ["utf-16", Buffer.from("\ufeffa: 1", "utf16le").swap16()],
  ["utf-16", Buffer.from([0xff, 0xfe])],
  ["binary", Buffer.from("a: 1", "utf16le")],
  ["binary", Buffer.from("a\u0000")],
  ["binary", Buffer.from([0xc3, 0x28, 0])],
  ["invalid-utf-8", Buffer.from([0xc3, 0x28])],
  ["invalid-utf-8", Buffer.from([0xe2, 0x82])],
  ["invalid-utf-8", Buffer.from([0xf0, 0x9f, 0x98])],
  ["invalid-utf-8", Buffer.from([0xc0, 0xaf])],
  ["invalid-utf-8", Buffer.from([0xed, 0xa0, 0x80])],
  ["invalid-utf-8", Buffer.from([0xf4, 0x90, 0x80, 0x80])],
  ["invalid-utf-8", Buffer.from([0xff])],
])("%s: %o", (problem, bytes) => {
  expect(decodeText(bytes)).toEqual({ ok: false, problem });
});

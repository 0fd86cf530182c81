import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { pipeErrorLines } from "../../client/src/language/errorLines.ts";
import { untracedLog } from "../../client/src/language/untracedLog.ts";

test("what the server process prints reaches the log line by line, long lines cut", async () => {
  const input = new PassThrough();
  const lines: string[] = [];
  pipeErrorLines(input, { error: (line) => lines.push(line) });
  input.end(`one\r\n${"x".repeat(5000)}\nlast`);
  await once(input, "close");
  expect(lines).toEqual(["one", `${"x".repeat(300)}…`, "last"]);
});

test("the language client never sees the level Trace, and what it traces is dropped", () => {
  const written: string[] = [];
  const log = {
    logLevel: 1,
    onDidChangeLogLevel: () => {
      throw new Error("The client must not follow the level");
    },
    trace: (line: string) => written.push(`trace ${line}`),
    info: (line: string) => written.push(`info ${line}`),
  };
  const seen = untracedLog(log as unknown as Parameters<typeof untracedLog>[0]);
  expect(seen.logLevel).toBe(2);
  seen.trace("the text of a file");
  seen.info("started");
  seen.onDidChangeLogLevel(() => undefined).dispose();
  expect(written).toEqual(["info started"]);
  log.logLevel = 3;
  expect(seen.logLevel).toBe(3);
});

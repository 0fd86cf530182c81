import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const maxLineLength = 300;

/**
 * Writes what the server process prints to the log, a line at a time. When Node dies it prints the line of source
 * where it happened, and in a bundle that line is the whole program: long lines are cut.
 */
export function pipeErrorLines(input: Readable, log: { error(line: string): void }): void {
  createInterface({ input, crlfDelay: Infinity, terminal: false, historySize: 0 }).on("line", (line) => {
    log.error(line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line);
  });
}

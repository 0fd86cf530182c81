/** A vault's list as a table: names, states, dates and tags, no value. */
import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { SecretAttributes } from "../../../server/src/core/model/facts.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import { lastingState } from "../secrets/secretState.ts";
import { markdownText } from "./markdownText.ts";

export interface ListedSecret extends SecretAttributes {
  /** How many places of the workspace lead to it. */
  readonly references: number;
  /** False where there may be more of them. */
  readonly complete: boolean;
}

const columns = ["Name", "State", "Created", "Updated", "Expires", "Content type", "Tags", "References in this workspace"];
/** A Key Vault secret has at most 15 tags of at most 512 characters on each side. */
const maxCell = 20_000;

/** RFC 4180: CRLF, quotes doubled. */
export function secretsCsv(secrets: readonly ListedSecret[], now: number): string {
  return [columns, ...secrets.map((secret) => cells(secret, now))].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

export function secretsMarkdown(vault: string, secrets: readonly ListedSecret[], now: number): string {
  const row = (cellsOfRow: readonly string[]): string => `| ${cellsOfRow.map((cell) => markdownText(cell, maxCell)).join(" | ")} |`;
  return [`# Secrets of ${markdownText(vault)}`, "", row(columns), `|${columns.map(() => "---").join("|")}|`, ...secrets.map((secret) => row(cells(secret, now))), ""].join("\n");
}

function cells(secret: ListedSecret, now: number): readonly string[] {
  const { name, created, updated, expires, contentType = "", tags = [], references, complete } = secret;
  const tagText = tags.map(([key, value]) => (value === "" ? key : `${key}=${value}`)).join("; ");
  const dates = [created, updated, expires].map((at) => (at === undefined ? "" : dateWords(at)));
  return [name, lastingState(secret, now), ...dates, contentType, tagText, complete ? String(references) : references === 0 ? "unknown" : `${String(references)} or more`];
}

/** Spreadsheets run a cell that begins like a formula (threat T13), also in the wide letters of East Asian keyboards; an apostrophe makes it text. */
function csvCell(text: string): string {
  const shown = shownText(text, maxCell);
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${shown}` : shown;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pipelineText } from "../../bench/pipelineText.ts";
import type { SeededRandom } from "./seededRandom.ts";

const demo = path.resolve(import.meta.dirname, "../../demo");

/** Pieces of text that mean something to one of the scanners. */
const pieces = [
  "<+", "<+secrets.getValue(\"", "secrets.", "secret.", ".getValue(", "\")>", ">", "\\>", "\"", "'", "\\\"", "''", "\\", "\\u00e9", "\\x41", "(", ")", "[", "]", "{", "}", ":", ": ", "- ", "? ", "# ", "#", "|\n", ">-\n", "&a ", "*a", "!t ",
  "---\n", "...\n", "\n", "\r\n", "\t", " ", "  ", "\u00a0", "\ufeff", "\u0000", "\ud83d\ude00", "\ud83d", "\u201c", "\u201d", "account.", "org.", "Account.", "project.", "azurevault://", "hashicorpvault://", "/", "//", "#key", "/0123456789abcdef0123456789abcdef", "${", "%{", "${{ secrets.x }}", "<_+secrets.x>", "<secrets.getValue(\"x\")>", "${secrets.getValue(\"x\")}", "${ngSecretManager.obtain(\"x\", 1)}", "type: Secret", "value: x", "pipeline:\n", "secret:\n", "identifier: a\n", "orgIdentifier: <+input>\n", "https://kv.vault.azure.net/secrets/x", "<+pipeline.variables.region>", ".toString()", "$",
];

/** Files that look like a person's: all YAML of the demo, and a long pipeline. */
export const originals: readonly string[] = [...demoTexts(), pipelineText(120)];

/** One to six small changes, as a person or a program might make them. */
export function mutatedText(original: string, random: SeededRandom): string {
  let text = original;
  for (let change = 1 + random.below(6); change > 0; change--) {
    const start = random.below(text.length + 1);
    const end = Math.min(text.length, start + random.below(random.chance(0.2) ? 200 : 6));
    const copied = random.below(text.length + 1);
    const inserted = random.chance(0.7) ? random.pick(pieces) : random.chance(0.5) ? text.slice(copied, copied + random.below(120)) : "";
    text = text.slice(0, start) + inserted + text.slice(random.chance(0.5) ? start : end);
  }
  return text;
}

function demoTexts(): readonly string[] {
  return readdirSync(demo, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => readFileSync(path.join(demo, name), "utf8"));
}

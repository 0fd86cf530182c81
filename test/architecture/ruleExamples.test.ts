import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze, ruleIds, rules } from "../../server/src/core/index.ts";

const textRules = ruleIds.filter((id) => rules[id].needs === "text");

describe("the examples on a rule's page", () => {
  it.each(textRules)("%s: the wrong one has this fault and no other", (id) => {
    expect(faults(example(id, "Wrong"))).toEqual([id]);
  });

  it.each(ruleIds)("%s: the right one has no fault in its text", (id) => {
    expect(faults(example(id, "Right"))).toEqual([]);
  });

  it.each(ruleIds.filter((id) => rules[id].needs !== "text"))("%s: the wrong one has no fault in its text either", (id) => {
    expect(faults(example(id, "Wrong"))).toEqual([]);
  });
});

function example(id: string, section: "Wrong" | "Right"): string {
  const page = readFileSync(join(import.meta.dirname, `../../docs/rules/${id}.md`), "utf8");
  const [, after = ""] = page.split(`\n## ${section}\n\n\`\`\`yaml\n`);
  return after.slice(0, after.indexOf("```"));
}

/** The rules that the text alone breaks. A Harness file gets its scope from the path, so that the example need not say it. */
function faults(text: string): readonly string[] {
  const { findings } = analyze("file:///shop/.harness/example.yaml", text);
  return findings.map((finding) => finding.rule);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Rule, RuleId } from "../../server/src/core/rules.ts";
import { ruleIds, rules, ruleUrl } from "../../server/src/core/rules.ts";

const pagesFolder = join(import.meta.dirname, "../../docs/rules");
const needsWords = { text: "the text", entities: "workspace entities", vault: "the vault" } as const;
const sections = ["Why", "Wrong", "Right", "Source", "Change the severity"];

describe("pages of the rules", () => {
  const pageIds = readdirSync(pagesFolder)
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .map((name) => name.slice(0, -".md".length));

  it("exist for every rule and for nothing else", () => {
    expect(pageIds.sort()).toEqual([...ruleIds].sort());
  });

  it.each(ruleIds)("%s: says what the table of rules says", (id) => {
    const page = readPage(`${id}.md`);
    expect(page.slice(0, 3)).toEqual([`# ${id}`, "", `${rules[id].title}.`]);
    expect(tableRows(page)).toEqual([["Severity", "Needs", "Works offline", "Has a fix"], expectedCells(rules[id])]);
  });

  it.each(ruleIds)("%s: explains itself, shows wrong and right, names its source", (id) => {
    const parts = sectionsOf(readPage(`${id}.md`));
    expect([...parts.keys()]).toEqual(sections);
    for (const [title, text] of parts) expect(text, title).not.toBe("");
    const wrong = yamlOf(parts.get("Wrong"));
    const right = yamlOf(parts.get("Right"));
    expect(wrong).not.toBe("");
    expect(right).not.toBe("");
    expect(wrong).not.toBe(right);
    expect(parts.get("Change the severity")).toContain(`{ "rules": { "${id}": "`);
  });

  it("are where a diagnostic's link leads", () => {
    for (const id of ruleIds) expect(ruleUrl(id)).toMatch(new RegExp(`/docs/rules/${id}\\.md$`));
  });

  it("are all listed in the index, in the order of the table of rules", () => {
    const [, ...rows] = tableRows(readPage("README.md"));
    expect(rows).toEqual(ruleIds.map((id) => indexCells(id)));
  });
});

function readPage(name: string): readonly string[] {
  return readFileSync(join(pagesFolder, name), "utf8").split("\n");
}

/** The cells of the page's one table, without the line of dashes. */
function tableRows(page: readonly string[]): readonly (readonly string[])[] {
  const rows = page.filter((line) => line.startsWith("|") && !line.startsWith("|---"));
  return rows.map((row) => row.slice(1, -1).split("|").map((cell) => cell.trim()));
}

function expectedCells(rule: Rule): readonly string[] {
  return [rule.severity, needsWords[rule.needs], worksOffline(rule), yesOrNo(rule.fix)];
}

function indexCells(id: RuleId): readonly string[] {
  const rule: Rule = rules[id];
  const title = rule.title.replaceAll("<", "\\<").replaceAll(">", "\\>");
  return [`[${id}](${id}.md)`, title, rule.severity, worksOffline(rule), yesOrNo(rule.fix)];
}

function worksOffline(rule: Rule): string {
  return yesOrNo(rule.needs !== "vault");
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}

function sectionsOf(page: readonly string[]): ReadonlyMap<string, string> {
  const parts = page.join("\n").split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n")).trim()]));
}

/** The one YAML example of a section. */
function yamlOf(section: string | undefined): string {
  const blocks = [...(section ?? "").matchAll(/^```yaml\n([^`]*)^```$/gm)];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? "";
}

/** Each quick fix that mends text, in each style of YAML scalar: the finding is gone, and nothing worse has come. */
import { describe, expect, test } from "vitest";
import { analyze, type Finding } from "../../server/src/core/index.ts";

const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";

const styles: Readonly<Record<string, (content: string) => string>> = {
  plain: (content) => `  a: ${content}\n`,
  single: (content) => `  a: '${content.replaceAll("'", "''")}'\n`,
  double: (content) => `  a: "${content.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"\n`,
  literal: (content) => `  a: |\n    ${content}\n`,
  folded: (content) => `  a: >-\n    ${content}\n`,
  "single in a flow list": (content) => `  a: ['${content.replaceAll("'", "''")}', b]\n`,
};

const faults: readonly (readonly [Finding["rule"], string])[] = [
  ["invalid-scope-prefix", `<+secrets.getValue("acount.db")>`],
  ["invalid-scope-prefix", `<+secrets.getValue("project.db")>`],
  ["scope-prefix-case", `<+secrets.getValue('Account.db')>`],
  ["missing-quotes", `<+secrets.getValue(db)>`],
  ["smart-quotes", `<+secrets.getValue(“db”)>`],
  ["smart-quotes", `<+secrets.getValue('db’)>`],
  ["escaped-quote-outside-dq", `<+secrets.getValue(\\"db\\")>`],
  ["unterminated", `<+secrets.getValue("db>`],
  ["unterminated", `<+secrets.getValue('db>`],
  ["unterminated", `<+secrets.getValue('db")>`],
  ["unterminated", `<+secrets.getValue(db')>`],
  ["unterminated", `<+secrets.getValue("db"`],
  ["unterminated", `<+secrets.getValue('db'`],
  ["unbalanced-paren", `<+secrets.getValue("db">`],
  ["unbalanced-paren", `<+secrets.getValue("db"))>`],
  ["gt-in-string", `<+secrets.getValue("a>b")>`],
  ["gt-in-string", `<+<+x>=='a>b'?<+secrets.getValue('c')>:'d'>`],
  ["missing-plus", `<secrets.getValue("db")>`],
  ["missing-plus", `<+<+x>=="a"?<secrets.getValue("s")>:"b">`],
  ["dollar-prefix", `$<+secrets.getValue("db")>`],
  ["singular-secret", `<+secret.getValue("db")>`],
  ["singular-secret", `<+secret.db>`],
  ["wrong-method-case", `<+secrets.getvalue("db")>`],
  ["unknown-method", `<+secrets.db>`],
  ["unknown-method", `<+secrets.get("db")>`],
  ["unknown-method", `<+secrets["db"]>`],
  ["quoted-secret-in-expression", `<+<+x>=="a"?"<+secrets.getValue("b")>":"c">`],
  ["internal-functor", '${ngSecretManager.obtain("db", 1)}'],
  ["firstgen-syntax", '${secrets.getValue("db")}'],
  ["v3-syntax", "${{ secrets.account.db }}"],
  ["gitness-syntax", '${{ secrets.get("db") }}'],
  ["unknown-scheme", `<+secrets.getValue("azureVault://akv/db")>`],
  ["scope-inside-uri", `<+secrets.getValue("azurevault://account.akv/db")>`],
  ["akv-secret-name", `<+secrets.getValue("azurevault://akv/db_password")>`],
  ["akv-extra-segment", `<+secrets.getValue("azurevault://akv/secrets/db")>`],
  ["akv-url", `<+secrets.getValue("azurevault://akv/https://v.vault.azure.net/secrets/db")>`],
  ["akv-key-after-version", `<+secrets.getValue("azurevault://akv/db/0123456789abcdef0123456789abcdef#user")>`],
];

describe.each(Object.entries(styles))("in a %s scalar", (_style, place) => {
  test.each(faults)("%s: %s", (rule, content) => {
    const text = head + place(content);
    const found = findings(text);
    expect(found.map((finding) => finding.rule)).toEqual([rule]);
    for (const fix of found.flatMap((finding) => finding.fixes)) {
      const left = findings(applied(text, fix)).filter((finding) => finding.severity === "error" || finding.rule === rule);
      // An escaped > is right as text, and shows that the identifier is none.
      expect(left.map((finding) => finding.rule)).toEqual(content.includes('"a>b"') ? ["invalid-identifier"] : []);
    }
    expect(found.every((finding) => finding.fixes.length > 0)).toBe(true);
  });
});

function findings(text: string): readonly Finding[] {
  return analyze("file:///shop/pipeline.yaml", text).findings;
}

function applied(text: string, fix: Finding["fixes"][number]): string {
  let content = text;
  for (const edit of [...fix.edits].sort((a, b) => b.span.start - a.span.start)) content = content.slice(0, edit.span.start) + edit.newText + content.slice(edit.span.end);
  return content;
}

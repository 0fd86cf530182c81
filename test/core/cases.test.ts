/** The table of cases: each text in the place in a pipeline where it belongs, with the one finding that it must yield. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fixture } from "./fixture.ts";
import { diagnostics } from "../../server/src/core/index.ts";

const rows = readFileSync(new URL("cases.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((row) => row.split("\t"));

const inlineSecret = (name: string, value: string): string => `secret:
  type: SecretText
  name: ${name}
  identifier: some_secret
  spec:
    secretManagerIdentifier: account.akv
    valueType: Inline
${value}
#- /keyline.jsonc
{ "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv" }] }`;

const connector = (enablePurge: string, listed: string): string => `connector:
  name: Shop vault
  identifier: shop_kv
  type: AzureKeyVault
  spec:
    vaultName: shop-kv
    subscription: 22222222-0000-4000-8000-000000000001
    useManagedIdentity: true
    azureManagedIdentityType: SystemAssignedManagedIdentity
    enablePurge: ${enablePurge}
#- vault shop-kv: ${listed}`;

/** Rows that describe YAML in words. */
const written: Readonly<Record<string, string>> = {
  c083: inlineSecret("db-password", "    value: planted"),
  c084: inlineSecret("db_password", ""),
  c085: inlineSecret("db password", ""),
  c086: connector("true", "db-password level:Recoverable"),
  c087: connector("true", "db-password level:Recoverable+Purgeable, harnessAzureVaultValidation"),
};

function place(id: string, text: string): string {
  const prose = written[id];
  if (prose !== undefined) return prose;
  const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";
  if (/^(?:output)?[vV]ariables:/.test(text) || text.startsWith("key:")) return `${head}  ${text}\n`;
  if (text.startsWith("passwordRef:")) return `connector:\n  identifier: c\n  orgIdentifier: o\n  projectIdentifier: q\n  type: DockerRegistry\n  spec:\n    auth:\n      spec:\n        ${text}\n`;
  return `${head}  script: |-\n    ${text}\n`;
}

const severityOf: Readonly<Record<string, string>> = { error: "error", warn: "warning", info: "info", hint: "hint" };

test("the table is whole", () => {
  expect(rows).toHaveLength(57);
  expect(rows.every((row) => row.length === 4)).toBe(true);
});

test.each(rows)("%s %s is %s (%s)", (id = "", text = "", verdict = "", rule = "") => {
  const found = diagnostics(fixture(place(id, text)).snapshot).map((finding) => ({ rule: finding.rule, severity: finding.severity }));
  if (verdict.startsWith("ok")) {
    expect(found.filter((finding) => finding.severity !== "hint")).toEqual([]);
    if (rule !== "-") expect(found.map((finding) => finding.rule)).toEqual([rule]);
    return;
  }
  expect(found).toEqual([{ rule, severity: severityOf[verdict] }]);
});

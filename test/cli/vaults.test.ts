import { describe, expect, test } from "vitest";
import type { SecretAttributes, UnknownReason } from "../../server/src/core/model/facts.ts";
import { demoFolder } from "../core/demoWorkspace.ts";
import { checkJson, cliRun, rulesOf } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";

const db: SecretAttributes = { name: "db", enabled: true };

/** A project with connectors to two vaults, and a pipeline whose script is this one line. */
async function shop(script: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  return tempFolder({ "kv.yaml": connectorText(), "kv2.yaml": connectorText("kv2", "other-kv"), "p.yaml": pipelineText(script), ...more });
}

test("the invocation is the approval: each vault that the files refer to is listed once", async () => {
  const folder = await shop(`${vaultReference("db")} ${vaultReference("gone")} ${vaultReference("db", "kv2")}`);
  const run = await checkJson(folder, [], { vaults: { "shop-kv": [db], "other-kv": [db] } });
  expect(run.requests).toEqual(["list other-kv", "list shop-kv", "deleted shop-kv/gone"]);
  expect(rulesOf(run.report)).toEqual(["vault-secret-not-found"]);
  expect(run.opened.map(({ credential, readJsonKeys }) => [credential, readJsonKeys])).toEqual([["azure-cli", false]]);
});

test("a connector that nothing refers to asks nothing of its vault", async () => {
  const run = await checkJson(await shop("echo"), []);
  expect(run).toMatchObject({ opened: [], requests: [] });
});

test("--offline asks nothing, says so, and never calls anything missing", async () => {
  const run = await checkJson(await shop(`${vaultReference("db")} ${vaultReference("gone#key")}`), ["--offline"]);
  expect(run).toMatchObject({ opened: [], requests: [], code: 0 });
  expect(run.report).toMatchObject({ findings: [], summary: { notVerified: { count: 2, reasons: { offline: 2 } } } });
});

test("--credential is handed on", async () => {
  const run = await checkJson(await shop(vaultReference("db")), ["--credential", "environment"], { vaults: { "shop-kv": [db] } });
  expect(run.opened.map(({ credential }) => credential)).toEqual(["environment"]);
});

describe("--vault", () => {
  test("narrows the vaults that are asked, ignoring case; what is in the others is not verified", async () => {
    const folder = await shop(`${vaultReference("gone")} ${vaultReference("gone", "kv2")}`);
    const run = await checkJson(folder, ["--vault", "SHOP-kv"], { vaults: { "shop-kv": [db], "other-kv": [db] } });
    expect(run.requests).toEqual(["list shop-kv", "deleted shop-kv/gone"]);
    expect(run.report.summary.notVerified).toEqual({ count: 1, reasons: { "not-approved": 1 } });
    expect(run.report.findings).toHaveLength(1);
  });

  test("may be repeated, and may name a vault that nothing refers to", async () => {
    const folder = await shop(`${vaultReference("db")} ${vaultReference("db", "kv2")}`);
    const vaults = { "shop-kv": [db], "other-kv": [db] };
    expect((await checkJson(folder, ["--vault=shop-kv", "--vault=other-kv"], { vaults })).requests).toEqual(["list other-kv", "list shop-kv"]);
    const none = await cliRun(folder, ["check", "--vault=some-kv", "--require-verified"], { vaults });
    expect(none).toMatchObject({ code: 3, requests: [] });
    expect(none.out).toBe("2 references not verified: The vault is not approved. Run Keyline: Approve a Vault, or name it with --vault on the command line.\nNo findings in 2 references, 3 files.\n");
  });
});

describe("--read-json-keys", () => {
  const script = `${vaultReference("db#user")} ${vaultReference("db#password")}`;

  test("without it no value is read, and that is said with what to do", async () => {
    const run = await cliRun(await shop(script), ["check"], { vaults: { "shop-kv": [db] } });
    expect(run.requests).toEqual(["list shop-kv"]);
    expect(run.out).toMatch(/^2 references not verified: JSON keys are not read from this vault\. .*--read-json-keys/);
  });

  test("with it the value is read once, of that secret alone", async () => {
    const run = await checkJson(await shop(script), ["--read-json-keys"], { vaults: { "shop-kv": [db, { name: "other", enabled: true }] } });
    expect(run.requests).toEqual(["list shop-kv", "json shop-kv/db"]);
    expect(rulesOf(run.report)).toEqual(["json-key-not-found"]);
    expect(run.report.summary.notVerified.count).toBe(0);
  });
});

test("a pinned version is looked up without a listing of another secret's versions", async () => {
  const version = "0123456789abcdef0123456789abcdef";
  const run = await checkJson(await shop(`${vaultReference(`db/${version}`)} ${vaultReference(`db/${"f".repeat(32)}`)}`), [], { vaults: { "shop-kv": [db] } });
  expect(run.requests).toEqual(["list shop-kv", "versions shop-kv/db"]);
  expect(rulesOf(run.report)).toEqual(["vault-version-not-found"]);
});

test.each([
  "not-signed-in",
  "wrong-tenant",
  "forbidden",
  "network-blocked",
  "vault-not-found",
  "throttled",
  "unreachable",
  "tls",
  "service-error",
] satisfies readonly UnknownReason[])("a vault that does not answer (%s) is one line and never a finding of a reference", async (reason) => {
  const folder = await shop(`${vaultReference("gone")} ${vaultReference(`gone#key/${"0".repeat(32)}`)}`, { "keyline.jsonc": `{ "complete": ["project:default/shop"] }` });
  const run = await cliRun(folder, ["check", "--require-verified", "--read-json-keys"], { vaults: { "shop-kv": reason } });
  const [line, total, end] = run.out.split("\n").slice(reason === "vault-not-found" ? 3 : 0);
  expect(line).toMatch(/^2 references not verified: [A-Z].*\. .*\.$/);
  expect([total, end]).toEqual([`${reason === "vault-not-found" ? "1 warning" : "No findings"} in 2 references, 3 files.`, ""]);
  expect(run.code).toBe(3);
  const { report } = await checkJson(folder, [], { vaults: { "shop-kv": reason } });
  // That there is no such vault is an answer, and told of at its connector; of the references nothing is known.
  expect(report.findings.map(({ file, rule, severity }) => [file, rule, severity])).toEqual(reason === "vault-not-found" ? [["kv.yaml", "akv-vault-not-found", "warning"]] : []);
  expect(report).toMatchObject({ summary: { notVerified: { count: 2, reasons: { [reason]: 2 } } } });
});

test("a secret's own file counts: what cannot be looked up in the vault is not verified", async () => {
  const secret = `secret:
  type: SecretText
  identifier: db_password
  name: db_password
  orgIdentifier: default
  projectIdentifier: shop
  spec:
    secretManagerIdentifier: kv
    valueType: Reference
    value: db
`;
  const folder = await tempFolder({ "kv.yaml": connectorText(), "secret.yaml": secret });
  const forbidden = await cliRun(folder, ["check", "--require-verified"], { vaults: { "shop-kv": "forbidden" } });
  expect(forbidden.out).toMatch(/^1 secret not verified: Your account may not list the vault's secrets\. .*\nNo findings in 0 references, 2 files\.\n$/);
  expect(forbidden.code).toBe(3);
  expect((await cliRun(folder, ["check", "--require-verified"], { vaults: { "shop-kv": [db] } })).code).toBe(0);
  expect(rulesOf((await checkJson(folder, [], { vaults: { "shop-kv": [] } })).report)).toEqual(["vault-secret-not-found"]);
});

test("one connector in two tenants is told apart", async () => {
  const withTenant = (identifier: string, tenant: string): string => `${connectorText(identifier)}    tenantId: ${tenant}\n`;
  const folder = await tempFolder({
    "a.yaml": withTenant("a", "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a001"),
    "b.yaml": withTenant("b", "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a002"),
    "p.yaml": pipelineText(`${vaultReference("gone", "a")} ${vaultReference("gone", "b")}`),
  });
  const { report } = await checkJson(folder, [], { vaults: { "shop-kv": [db] } });
  expect(rulesOf(report)).toEqual(["connector-same-vault", "connector-same-vault"]);
  expect(report).toMatchObject({ summary: { notVerified: { count: 2, reasons: { "wrong-tenant": 2 } } } });
});

test.each([
  [{ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, "NODE_TLS_REJECT_UNAUTHORIZED=0 turns off certificate checks"],
  [{ NODE_OPTIONS: "--max-old-space-size=99 --inspect=0.0.0.0" }, "NODE_OPTIONS holds --inspect"],
])("an environment in which a token could be taken is refused: %o", async (environment, words) => {
  const folder = await shop(vaultReference("db"));
  const run = await cliRun(folder, ["check"], { environment, vaults: { "shop-kv": [db] } });
  expect(run).toMatchObject({ code: 2, out: "", opened: [] });
  expect(run.err).toContain(`keyline: ${words}`);
  expect(await cliRun(folder, ["check", "--offline"], { environment })).toMatchObject({ code: 0, err: "" });
});

test("an interrupted check ends, with nothing called missing", async () => {
  const interrupted = new AbortController();
  interrupted.abort();
  const run = await checkJson(await shop(vaultReference("gone")), [], { vaults: { "shop-kv": [db] }, signal: interrupted.signal });
  expect(run.report).toMatchObject({ findings: [], summary: { notVerified: { count: 1 } } });
  expect(run.requests).toEqual([]);
});

test("the demo, offline, has what its text shows and nothing of a vault", async () => {
  const { report } = await checkJson(demoFolder, ["--offline"]);
  expect(rulesOf(report).filter((rule) => rule.startsWith("vault-") || rule.startsWith("json-"))).toEqual([]);
  expect(new Set(rulesOf(report))).toEqual(new Set(["singular-secret", "secret-in-other-scope", "expression-in-comment", "name-used-as-identifier", "secret-var-expression"]));
});

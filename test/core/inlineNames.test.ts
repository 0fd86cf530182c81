/** Inline secrets that Harness keeps under one name in one vault. */
import { expect, test } from "vitest";
import { analyze, defaultSettings, diagnostics, emptyConfig, emptyDirectory, Facts, WorkspaceModel } from "../../server/src/core/index.ts";
import { check, now } from "./fixture.ts";

const shop = "\n  orgIdentifier: default\n  projectIdentifier: shop";
const other = shop.replace("shop", "billing");

interface Inline {
  readonly identifier: string;
  readonly name: string;
  readonly scope?: string;
  readonly manager?: string;
  readonly valueType?: string;
}

function inline({ identifier, name, scope = "", manager = "account.akv", valueType = "Inline" }: Inline): string {
  return `secret:\n  type: SecretText\n  name: ${name}\n  identifier: ${identifier}${scope}\n  spec:\n    secretManagerIdentifier: ${manager}\n    valueType: ${valueType}\n`;
}

function connector(identifier: string, vault: string, environment = "AZURE"): string {
  return `connector:\n  name: ${identifier}\n  identifier: ${identifier}\n  type: AzureKeyVault\n  spec:\n    vaultName: ${vault}\n    azureEnvironmentType: ${environment}\n`;
}

/** The first secret's file beside the other ones', and connectors on vaults; with the finding where one is expected. */
function world(first: Inline, others: readonly Inline[], expected?: string, connectors: readonly string[] = [connector("akv", "shop-kv"), connector("akv2", "Shop-KV"), connector("far", "far-kv")]): string {
  const finding = expected === undefined ? "" : `#       ${"^".repeat(first.name.length)} warning[akv-inline-name-collision] ${expected}\n`;
  const text = inline(first).replace(/( {2}name: .*\n)/, `$1${finding}`);
  const files = [...others.map(inline), ...connectors];
  return `#- scope **: account\n#- /first.yaml\n${text}${files.map((file, index) => `#- /more${String(index)}.yaml\n${file}`).join("")}`;
}

test("two inline secrets with one Name in one vault, whatever their scopes and letters' case, are told with both their places", () => {
  check(
    world(
      { identifier: "db", name: "db-password", scope: shop },
      [{ identifier: "pw", name: "DB-Password", scope: other }],
      `Inline secrets "db" of project default/shop and "pw" of project default/billing (more0.yaml) have the same Name, under which vault shop-kv keeps them: each overwrites the other's value. Change one of the Names`,
    ),
  );
});

test("the same identifier in another scope is another secret", () => {
  check(world({ identifier: "db", name: "db", scope: shop }, [{ identifier: "db", name: "db" }], `"db" of the account (more0.yaml)`));
});

test("two connectors that lead to one vault are one place", () => {
  check(world({ identifier: "a", name: "db" }, [{ identifier: "b", name: "db", manager: "akv2" }], "vault shop-kv keeps them"));
});

test("two in one file are told at each", () => {
  const text = `${inline({ identifier: "a", name: "db" })}---\n${inline({ identifier: "b", name: "db" })}---\n${connector("akv", "shop-kv")}`;
  const analysis = analyze("file:///a.yaml", text);
  const workspace = new WorkspaceModel(emptyConfig, analysis.entities, () => ({ level: "account" }));
  const found = diagnostics({ analysis, workspace, facts: Facts.none, directory: emptyDirectory, now, settings: defaultSettings }).filter(({ rule }) => rule === "akv-inline-name-collision");
  expect(found.map(({ span }) => text.slice(text.lastIndexOf("\n", span.start) + 1, span.end))).toEqual(["  name: db", "  name: db"]);
});

test.each<readonly [string, Inline, Inline]>([
  ["another Name", { identifier: "a", name: "db" }, { identifier: "b", name: "db2" }],
  ["another vault", { identifier: "a", name: "db" }, { identifier: "b", name: "db", manager: "far" }],
  ["the same secret, given twice", { identifier: "a", name: "db", scope: shop }, { identifier: "a", name: "db", scope: shop }],
  ["perhaps the same secret, of a scope that is not known", { identifier: "a", name: "db", scope: shop }, { identifier: "a", name: "db", scope: "\n  projectIdentifier: <+input>" }],
  ["a path of that name", { identifier: "a", name: "db" }, { identifier: "b", name: "db", valueType: "Reference\n    value: db" }],
  ["the built-in secret manager", { identifier: "a", name: "db" }, { identifier: "b", name: "db", manager: "account.harnessSecretManager" }],
  ["a connector that no file defines", { identifier: "a", name: "db" }, { identifier: "b", name: "db", manager: "account.none" }],
  ["a Name that is a placeholder", { identifier: "a", name: "db" }, { identifier: "b", name: "<+input>" }],
  ["a connector that is a placeholder", { identifier: "a", name: "db" }, { identifier: "b", name: "db", manager: "<+input>" }],
])("%s is no collision", (_, first, second) => {
  check(world(first, [second]));
});

test("a vault that two definitions of the connector dispute is not known", () => {
  check(world({ identifier: "a", name: "db" }, [{ identifier: "b", name: "db" }], undefined, [connector("akv", "shop-kv"), connector("akv", "far-kv")]));
});

test("a Name that two definitions of the secret dispute is not known", () => {
  check(world({ identifier: "a", name: "db" }, [{ identifier: "b", name: "db" }, { identifier: "b", name: "other" }, { identifier: "a", name: "db" }]));
});

test("a Name that Key Vault refuses overwrites nothing: it is told for itself", () => {
  check(world({ identifier: "a", name: "db_password" }, [{ identifier: "b", name: "db_password" }]).replace(/( {2}name: db_password\n)/, `$1#       ^^^^^^^^^^^ error[akv-secret-name] Name becomes the name\n`));
});

test("clouds keep their vaults apart", () => {
  check(world({ identifier: "a", name: "db" }, [{ identifier: "b", name: "db", manager: "gov" }], undefined, [connector("akv", "shop-kv"), connector("gov", "shop-kv", "AZURE_US_GOVERNMENT")]));
});

test("ten thousand of one Name are told in linear time", () => {
  const secrets = Array.from({ length: 10_000 }, (_, index) => inline({ identifier: `s${String(index)}`, name: "db" }));
  const analysis = analyze("file:///a.yaml", [...secrets, connector("akv", "shop-kv")].join("---\n"));
  const workspace = new WorkspaceModel(emptyConfig, analysis.entities, () => ({ level: "account" }));
  const start = performance.now();
  const found = diagnostics({ analysis, workspace, facts: Facts.none, directory: emptyDirectory, now, settings: defaultSettings }).filter(({ rule }) => rule === "akv-inline-name-collision");
  expect(found).toHaveLength(10_000);
  expect(performance.now() - start).toBeLessThan(3_000);
});

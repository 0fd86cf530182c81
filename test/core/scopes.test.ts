/** Which scope a file has, and what is said where it may have several. */
import { describe, expect, test } from "vitest";
import { diagnostics, verification } from "../../server/src/core/index.ts";
import { documentScope } from "../../server/src/core/model/documentScope.ts";
import { nearestNames } from "../../server/src/core/model/nearest.ts";
import { applyFix, check, fixture, hovered } from "./fixture.ts";

const registry = (line: string, ids = ""): string => `connector:
  identifier: registry
  name: Registry
${ids}  type: DockerRegistry
  spec:
    auth:
      spec:
        ${line}
`;
const all = `"complete": ["account", "org:default", "project:default/shop"]`;
const shop = `"organization": "default", "project": "shop"`;
const secrets = (...entries: readonly string[]): string => `"secrets": [${entries.map((entry) => `{ "identifier": "${entry.split(" ")[0] ?? ""}", "scope": "${entry.split(" ")[1] ?? ""}" }`).join(", ")}]`;
const config = (...keys: readonly string[]): string => `#- /keyline.jsonc\n{ ${keys.join(", ")} }`;
const reasons = (text: string): readonly string[] => [...verification(fixture(text).snapshot).references.notVerified.keys()];
const messages = (text: string): readonly string[] => diagnostics(fixture(text).snapshot).map(({ message }) => message);

describe("a connector, secret or service without ids", () => {
  test("may live anywhere while nothing names an organization: only the account is judged", () => {
    check(`${registry("passwordRef: registry_password")}${config(all)}`);
    check(`${registry("passwordRef: org.registry_password")}${config(all)}`);
    expect(reasons(`${registry("passwordRef: registry_password")}${config(all)}`)).toEqual(["unknown-scope"]);
    check(`${registry(`passwordRef: account.gone
#                            ^^^^ error[secret-not-found] in the account`)}${config(all)}`);
  });

  test("may live in every project of the organization, where that alone is named", () => {
    check(`${registry("passwordRef: gone")}${config(all, `"organization": "default"`)}`);
    check(`${registry("passwordRef: org.gone")}${config(`"complete": ["account"]`, `"organization": "default"`)}`);
    check(`${registry(`passwordRef: org.gone
#                        ^^^^ error[secret-not-found] in organization default`)}${config(all, `"organization": "default"`)}`);
  });

  test("is wrong where it is wrong in the project, the organization and the account, and that of the project is shown", () => {
    check(`${registry(`passwordRef: gone
#                    ^^^^ error[secret-not-found] in project default/shop`)}${config(all, shop)}`);
    check(`${registry("passwordRef: here")}${config(all, shop, secrets("here project:default/shop"))}`);
    check(`${registry("passwordRef: gone")}${config(`"complete": ["account", "org:default"]`, shop)}`);
  });

  test("gets no fix that writes a prefix by guess", () => {
    const fixesOf = (text: string): readonly string[] => diagnostics(fixture(text).snapshot).flatMap(({ fixes }) => fixes.map(({ title }) => title));
    const inOrg = `${registry("passwordRef: token")}${config(all, shop, secrets("token org:default"))}`;
    expect(messages(inOrg)).toEqual([expect.stringContaining("is in organization default")]);
    expect(fixesOf(inOrg)).toEqual([]);
    expect(fixesOf(`${registry("passwordRef: token", "  orgIdentifier: default\n  projectIdentifier: shop\n")}${config(all, shop, secrets("token org:default"))}`)).toEqual(['Write "org.token"']);
  });

  test("has the scope that scopes give it, the first that matches", () => {
    const scoped = (...entries: readonly string[]): string => entries.map((entry) => `#- scope ${entry}`).join("\n");
    check(`${registry(`passwordRef: gone
#                    ^^^^ error[scope-mismatch] account secrets only`)}${scoped(".harness/**: account", "**: project:default/shop")}\n${config(all)}`);
    check(`${registry(`passwordRef: gone
#                    ^^^^ error[secret-not-found] in project default/shop`)}${scoped("other/**: account", ".harness: project:default/shop")}\n${config(all)}`);
  });

  test("its own ids win over scopes, and a placeholder stays unknown", () => {
    const ids = "  orgIdentifier: default\n  projectIdentifier: shop\n";
    check(`${registry(`passwordRef: gone
#                    ^^^^ error[secret-not-found] in project default/shop`, ids)}#- scope **: account\n${config(all)}`);
    expect(reasons(`${registry("passwordRef: gone", "  orgIdentifier: ${var.org}\n")}#- scope **: account\n${config(all, shop)}`)).toEqual(["scope-placeholder"]);
  });

  test("its path wins over scopes", () => {
    check(`#- /.harness/orgs/default/projects/shop/connectors/c.yaml
${registry(`passwordRef: gone
#                    ^^^^ error[secret-not-found] in project default/shop`)}#- scope **: account\n${config(all)}`);
  });
});

describe("pipelines, values and manifests", () => {
  test.each([
    ["a pipeline", "pipeline:\n  identifier: p\n  script: "],
    ["a values file", "db:\n  password: "],
    ["a manifest", "apiVersion: v1\nkind: Secret\nstringData:\n  password: "],
  ])("%s is of the project of keyline.jsonc", (_, head) => {
    const text = `${head}<+secrets.getValue("gone")>\n`;
    expect(messages(`${text}${config(all, shop)}`)).toEqual([expect.stringContaining("in project default/shop")]);
    expect(reasons(`${text}${config(all)}`)).toEqual(["unknown-project"]);
    expect(reasons(`${text}${config(all, `"organization": "default"`)}`)).toEqual(["project-not-configured"]);
    expect(messages(`${text}#- scope **: project:default/shop\n${config(all)}`)).toEqual([expect.stringContaining("in project default/shop")]);
  });

  test("an organization in the text is known without a project", () => {
    const text = (reference: string): string => `pipeline:\n  identifier: p\n  orgIdentifier: default\n  script: <+secrets.getValue("${reference}")>\n${config(all)}`;
    expect(messages(text("org.gone"))).toEqual([expect.stringContaining("in organization default")]);
    expect(reasons(text("gone"))).toEqual(["project-missing"]);
  });
});

describe("a template without a project", () => {
  const template = (value: string, ids = ""): string => `template:\n  identifier: t\n  versionLabel: v\n${ids}  type: Step\n  spec:\n    variables:\n      - { name: a, type: Secret, value: ${value} }\n    script: <+secrets.getValue("${value}")>\n`;

  test("its unprefixed references, plain ones too, are of the project that runs it", () => {
    for (const scope of ["", "#- scope **: account\n", "#- scope **: org:default\n"]) {
      check(`${template("gone")}${scope}${config(all, shop)}`);
      expect(reasons(`${template("gone")}${scope}${config(all, shop)}`)).toEqual(["project-of-run"]);
    }
  });

  test("the account is judged; the organization where the template itself, its path or scopes name it", () => {
    expect(messages(`${template("account.gone")}${config(all, shop)}`)).toHaveLength(2);
    expect(messages(`${template("org.gone")}${config(all, shop)}`)).toEqual([]);
    expect(messages(`${template("org.gone", "  orgIdentifier: default\n")}${config(all)}`)).toHaveLength(2);
    expect(messages(`${template("org.gone")}#- scope **: org:default\n${config(all)}`)).toHaveLength(2);
  });
});

describe("definitions of unknown scope", () => {
  const vault = (name: string, ids = ""): string => `connector:\n  identifier: kv\n  name: kv\n${ids}  type: AzureKeyVault\n  spec:\n    vaultName: ${name}\n    subscription: 22222222-0000-4000-8000-000000000001\n    useManagedIdentity: true\n    azureManagedIdentityType: SystemAssignedManagedIdentity\n`;
  const pipeline = (reference: string): string => `pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n  script: <+secrets.getValue("${reference}")>\n`;

  test.each(["", "org.", "account."])("the only one of its identifier is followed with the prefix %j", (prefix) => {
    expect(messages(`${pipeline(`${prefix}azurevault://kv/gone`)}#- /kv.yaml\n${vault("one-kv")}\n#- vault one-kv: db\n#- deleted one-kv: gone gone\n${config(all)}`)).toEqual([expect.stringContaining("Vault one-kv holds no secret")]);
  });

  test("of several, the reference is not verified, and hover lists them", () => {
    const text = `${pipeline("azurevault://kv/$0gone")}#- /a.yaml\n${vault("one-kv")}#- /b.yaml\n${vault("two-kv")}${config(all)}`;
    expect(messages(text)).toEqual([]);
    expect(reasons(text)).toEqual(["several-definitions"]);
    expect(hovered(text)?.text).toContain("- ? Connector `kv` in `a.yaml` (scope not known)\n- ? Connector `kv` in `b.yaml` (scope not known)");
  });

  test("one of known, fitting scope wins; where none fits it may be meant", () => {
    const known = `#- /a.yaml\n${vault("one-kv", "  orgIdentifier: default\n")}#- /b.yaml\n${vault("two-kv")}#- vault one-kv: db\n#- deleted one-kv: gone gone\n${config(all)}`;
    expect(messages(`${pipeline("org.azurevault://kv/gone")}${known}`)).toEqual([expect.stringContaining("Vault one-kv")]);
    expect(reasons(`${pipeline("account.azurevault://kv/gone")}${known}`)).toEqual(["several-definitions"]);
  });
});

describe("an identifier that is defined elsewhere", () => {
  const pipeline = (reference: string): string => `pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: shop\n  script: <+secrets.getValue("${reference}")>\n`;
  const kv = (scope: string): string => `"connectors": [{ "identifier": "kv", "scope": "${scope}", "vault": "shop-kv" }]`;

  test("a connector of another scope of the chain is named, with the fix", () => {
    const text = `${pipeline("account.azurevault://kv/db")}${config(all, kv("org:default"))}`;
    expect(messages(text)).toEqual([expect.stringContaining('It is in organization default. Write the prefix "org."')]);
    expect(applyFix(text, 'Write "org."')).toContain('getValue("org.azurevault://kv/db")');
    const project = `${pipeline("account.azurevault://kv/db")}${config(all, kv("project:default/shop"))}`;
    expect(applyFix(project, "Remove the prefix")).toContain('getValue("azurevault://kv/db")');
  });

  test("one of another project is named without a fix", () => {
    const found = diagnostics(fixture(`${pipeline("azurevault://kv/db")}${config(all, kv("project:default/billing"))}`).snapshot);
    expect(found.map(({ rule, message, fixes }) => [rule, message.includes("project default/billing"), fixes.length])).toEqual([["connector-not-found", true, 0]]);
  });

  test("a secret of another project is named, without a fix", () => {
    const found = diagnostics(fixture(`${pipeline("db")}${config(all, secrets("db project:default/billing"))}`).snapshot);
    expect(found.map(({ rule, message, fixes }) => [rule, message.includes("project default/billing"), fixes.length])).toEqual([["secret-not-found", true, 0]]);
  });
});

test("a file that does not say its scope is where a misspelled identifier may be meant", () => {
  const text = (reference: string): string => `pipeline:
  identifier: p
  orgIdentifier: default
  projectIdentifier: shop
  script: <+secrets.getValue("${reference}")>
${config(all)}
#- /unsaid.yaml
secret:
  type: SecretText
  name: DB
  identifier: db_password
  spec:
    secretManagerIdentifier: company_vault
    valueType: Inline
---
connector:
  identifier: company_vault
  type: AzureKeyVault
  spec:
    vaultName: shop-kv`;
  for (const prefix of ["", "org.", "account."]) {
    expect(messages(text(`${prefix}db_pasword`))).toEqual([expect.stringContaining('Did you mean "db_password"?')]);
    expect(messages(text(`${prefix}azurevault://compny_vault/db`))).toEqual([expect.stringContaining('Did you mean "company_vault"?')]);
    expect(applyFix(text(`${prefix}db_pasword`), 'Change to "db_password"')).toContain(`"${prefix}db_password"`);
  }
});

test.each([
  ["db_pasword", "db_password", true],
  ["db_password_1", "db_password_2", false],
  ["db_password", "db_password2", false],
  ["app_dev_pw", "app_uat_pw", false],
  ["appProdPw", "appTestPw", false],
  ["app_prod_pasword", "app_prod_password", true],
  ["app_prdo_pw", "app_prod_pw", false],
])("is %s meant to be %s: %s", (text, candidate, expected) => {
  expect(nearestNames(text, [candidate], 3)).toEqual(expected ? [candidate] : []);
});

test("a project without an organization takes that of scopes, else that of keyline.jsonc", () => {
  const head = { kind: "connector", project: "shop", placeholderScope: false };
  expect(documentScope(head, {}, {})).toEqual({ level: "unknown", reason: "organization-missing" });
  expect(documentScope(head, {}, { org: "default" })).toEqual({ level: "project", org: "default", project: "shop" });
  expect(documentScope(head, {}, { org: "default", assigned: { level: "org", org: "other" } })).toEqual({ level: "project", org: "other", project: "shop" });
});

describe("a literal variable inside the argument", () => {
  const pipeline = (argument: string): string => `pipeline:
  identifier: p
  orgIdentifier: default
  projectIdentifier: shop
  variables:
    - { name: a, type: String, value: client1 }
    - { name: b, type: String, value: prod }
    - { name: open, type: String, value: <+input> }
  script: <+secrets.getValue("${argument}")>
`;

  test("is judged by the text that results", () => {
    expect(messages(pipeline("<+pipeline.variables.a>.password"))).toEqual([expect.stringContaining('is "client1.password". "client1" is no scope')]);
    expect(messages(`${pipeline("<+pipeline.variables.a>_<+pipeline.variables.b>_pw")}${config(all)}`)).toEqual([expect.stringContaining('"client1_prod_pw"')]);
    expect(messages(`${pipeline("<+pipeline.variables.a>_<+pipeline.variables.b>_pw")}${config(all, secrets("client1_prod_pw project:default/shop"))}`)).toEqual([]);
  });

  test("is not verified where one of several is not literal", () => {
    expect(reasons(`${pipeline("<+pipeline.variables.a>_<+pipeline.variables.open>")}${config(all)}`)).toEqual(["dynamic"]);
    expect(reasons(`${pipeline("<+pipeline.variables.a>_<+env.name>")}${config(all)}`)).toEqual(["dynamic"]);
  });
});

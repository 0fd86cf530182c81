import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import type { ConnectorContent, FieldChange } from "../../client/src/connectors/connectorYaml.ts";
import { connectorYaml, editConnectorYaml } from "../../client/src/connectors/connectorYaml.ts";
import { analyze } from "../../server/src/core/index.ts";
import { seededRandom } from "../core/seededRandom.ts";

const guid = "11111111-2222-3333-4444-555555555555";
const content: ConnectorContent = {
  scope: { level: "project", org: "default", project: "shop" },
  name: "My AKV",
  identifier: "My_AKV",
  description: "",
  tags: [],
  settings: { clientId: guid, tenantId: guid, secretKey: "account.azure_sp_secret", vaultName: "my-vault", subscription: guid, default: false, azureEnvironmentType: "AZURE", delegateSelectors: [], useManagedIdentity: false, enablePurge: true },
};

test("a connector is written in Harness's shape and order", () => {
  expect(connectorYaml(content)).toBe(`connector:
  name: My AKV
  identifier: My_AKV
  description: ""
  orgIdentifier: default
  projectIdentifier: shop
  tags: {}
  type: AzureKeyVault
  spec:
    clientId: ${guid}
    tenantId: ${guid}
    secretKey: account.azure_sp_secret
    vaultName: my-vault
    subscription: ${guid}
    default: false
    azureEnvironmentType: AZURE
    delegateSelectors: []
    useManagedIdentity: false
    enablePurge: true
`);
});

const odd = ["true", "no", "on", "1_000", "0x1F", "1e3", "null", "~", "2026-11-24", "a: b", "# no comment", "- x", "{a}", "[b]", "it's", 'say "hi"', "a\tb", "line\nbreak", "ünïcode ✓", " padded ", "*alias", "&anchor", "!tag", "%dir", "@at", "`tick`", "a".repeat(300), "\u0000", "12:30:45", "=", "<<"];

test.each(odd)("text stays text, for readers of YAML 1.1 and 1.2: %j", (text) => {
  const yaml = connectorYaml({ ...content, name: text, description: text, tags: [["key", text]], settings: { ...content.settings, delegateSelectors: [text, "linux"] } });
  for (const version of ["1.1", "1.2"] as const) {
    const { connector } = parse(yaml, { version }) as { connector: { name: string; description: string; tags: Record<string, string>; spec: { delegateSelectors: string[] } } };
    expect([connector.name, connector.description, connector.tags["key"], connector.spec.delegateSelectors]).toEqual([text, text, text, [text, "linux"]]);
  }
});

test("what is written is what Keyline reads", () => {
  const [entity] = analyze("file:///w/.harness/connectors/a.yaml", connectorYaml(content)).entities;
  expect(entity).toMatchObject({ kind: "connector", identifier: "My_AKV", name: "My AKV", scope: content.scope, settings: content.settings });
});

const file = `# Ours
connector:
  name: "Shop" # shown
  identifier: shop_kv
  tags:
    owner: team
  type: AzureKeyVault
  spec:
    # the vault
    vaultName: shop-dev-kv
    delegateSelectors:
      - linux
      - azure
    enablePurge: true   # see the ticket
---
secret:
  identifier: other
`;
const at = file.indexOf("shop_kv");

function edit(...changes: FieldChange[]): string | undefined {
  return editConnectorYaml(file, at, changes);
}

describe("a change of fields", () => {
  test("touches nothing else", () => {
    expect(edit({ path: ["spec", "vaultName"], value: "shop-prod-kv" }, { path: ["spec", "enablePurge"], value: false })).toBe(
      file.replace("vaultName: shop-dev-kv", "vaultName: shop-prod-kv").replace("enablePurge: true ", "enablePurge: false "),
    );
  });

  test("adds a field behind the last one, with the file's indentation", () => {
    expect(edit({ path: ["spec", "subscription"], value: guid })).toBe(file.replace("# see the ticket\n", `# see the ticket\n    subscription: ${guid}\n`));
  });

  test("takes a field away", () => {
    expect(edit({ path: ["spec", "vaultName"], value: undefined })).toBe(file.replace("    vaultName: shop-dev-kv\n", ""));
    expect(edit({ path: ["spec", "clientId"], value: undefined })).toBe(file);
  });

  test("writes lists and tags on one line", () => {
    expect(edit({ path: ["spec", "delegateSelectors"], value: ["windows", "a, b"] })).toContain('    delegateSelectors: [ windows, "a, b" ]\n    enablePurge');
    expect(edit({ path: ["tags"], value: { owner: "no" } })).toContain('  tags: { owner: "no" }\n  type');
  });

  test("keeps Windows line ends", () => {
    const windows = file.replaceAll("\n", "\r\n");
    const edited = editConnectorYaml(windows, windows.indexOf("shop_kv"), [{ path: ["spec", "default"], value: true }]);
    expect(edited).toBe(windows.replace("# see the ticket\r\n", "# see the ticket\r\n    default: true\r\n"));
  });

  test("of the document that is meant, of several", () => {
    const two = `${connectorYaml(content)}---\n${connectorYaml({ ...content, identifier: "second" })}`;
    const edited = editConnectorYaml(two, two.indexOf("second"), [{ path: ["spec", "vaultName"], value: "other-kv" }]);
    expect(parseAllDocuments(edited ?? "").map((document) => (document as unknown as { getIn(path: string[]): unknown }).getIn(["connector", "spec", "vaultName"]))).toEqual(["my-vault", "other-kv"]);
  });

  test.each([
    ["brackets without end", `connector: ${"[".repeat(5000)}`],
    ["nesting that its own quotes seem to close", `connector:\n  spec:\n    vaultName: a\nx: ${'["]", '.repeat(300)}1${"]".repeat(300)}`],
    ["nesting that a comment seems to close", `# ${"]".repeat(900)}\nconnector:\n  spec:\n    vaultName: a\nx: ${"[".repeat(300)}${"]".repeat(300)}`],
    ["nesting by dashes", `connector:\n  spec:\n    vaultName: a\nx:\n  ${"- ".repeat(300)}a`],
    ["a field that stands twice", "connector:\n  spec:\n    vaultName: a\n    vaultName: b\n"],
    ["a broken file", "connector:\n  identifier: a\n spec: ]"],
    ["a flow map", "connector: {identifier: a, spec: {vaultName: b}}"],
    ["no connector", "secret:\n  identifier: a\n"],
    ["a spec that is an alias", "x: &s {vaultName: a}\nconnector:\n  identifier: a\n  spec: *s\n"],
    ["nothing", ""],
  ])("is refused in %s", (_what, text) => {
    expect(editConnectorYaml(text, Math.min(15, text.length), [{ path: ["spec", "vaultName"], value: "other-kv" }])).toBeUndefined();
  });

  test("says what it was meant to say, whatever the text", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const value = random.pick(odd);
      const field = random.pick(["name", "description"]);
      const edited = edit({ path: [field], value });
      expect((parseAllDocuments(edited ?? "")[0] as unknown as { getIn(path: string[]): unknown }).getIn(["connector", field])).toBe(value);
      expect(edited).toContain("# see the ticket");
      expect(edited?.endsWith("---\nsecret:\n  identifier: other\n")).toBe(true);
    }
  });
});

/** Text from outside, hostile, in every field that someone else can fill (threats T11 to T14). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { lineMap } from "../../server/src/cli/lineMap.ts";
import { reportText } from "../../server/src/cli/reportText.ts";
import { analyze, completion, completionDocumentation, defaultSettings, diagnostics, emptyConfig, emptyDirectory, Facts, hover, readConfig, WorkspaceModel } from "../../server/src/core/index.ts";
import type { ConnectorEntity, Finding, SecretEntity, Snapshot, VaultFacts } from "../../server/src/core/index.ts";
import { code, plain } from "../../server/src/core/model/markdown.ts";
import { shownText } from "../../server/src/core/model/shownText.ts";
import { now } from "./fixture.ts";

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, "../vectors/hover-injection.json"), "utf8")) as {
  readonly strings: readonly string[];
  readonly longStrings: readonly { readonly char: string; readonly length: number }[];
};
const hostile: readonly string[] = [
  ...vectors.strings,
  ...vectors.longStrings.map(({ char, length }) => char.repeat(length)),
  "`".repeat(70_000),
  "a\u202egnp.exe\u2066\u2069\u200f\u061c\u200b\ufeff",
  "x\u2028y\u2029z\u0085\u0000\u007f",
  "` [x](command:y) `",
  "``[x](command:y)``",
  " `<b>` ",
  "\\`[x](command:y)",
  "**bold** _x_ ~~y~~ | a | b |",
  "<https://beacon.invalid/x> a@beacon.invalid www.beacon.invalid",
  "<!-- --><script>alert(1)</script>",
  "🔑".repeat(200),
];

/** A workspace in which one field, or all of them, hold that text. */
interface World {
  readonly secretIdentifier: string;
  readonly secretName: string;
  readonly secretPath: string;
  readonly secretManager: string;
  readonly connectorIdentifier: string;
  readonly connectorName: string;
  readonly connectorType: string;
  readonly fileName: string;
  readonly listedName: string;
  readonly tagKey: string;
  readonly tagValue: string;
  readonly contentType: string;
  readonly jsonKey: string;
  readonly variableValue: string;
  readonly argument: string;
  /** In a Key Vault connector, and in what Resource Manager tells. */
  readonly fieldKey: string;
  readonly fieldValue: string;
  readonly subscriptionName: string;
  readonly resourceGroup: string;
}

const harmless: World = {
  secretIdentifier: "token",
  secretName: "Docker token",
  secretPath: "cfg#user",
  secretManager: "akv",
  connectorIdentifier: "akv",
  connectorName: "Shop",
  connectorType: "AzureKeyVault",
  fileName: "secrets.yaml",
  listedName: "other",
  tagKey: "team",
  tagValue: "shop",
  contentType: "text/plain",
  jsonKey: "user",
  variableValue: "account.token",
  argument: "account.token",
  fieldKey: "vaultname",
  fieldValue: "yes",
  subscriptionName: "Shop",
  resourceGroup: "shop-rg",
};

const vault = { name: "shop-kv", cloud: "public" } as const;

function pipeline(world: World): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `pipeline:
  identifier: p
  orgIdentifier: default
  projectIdentifier: shop
  variables:
    - { name: which, type: String, value: ${quoted(world.variableValue)} }
    - { name: v, type: Secret, value: ${quoted(world.argument)} }
  a: <+secrets.getValue(<+pipeline.variables.which>)>
  b: ${quoted(`<+secrets.getValue("${world.argument}")>`)}
  script: ${quoted(`N=1 <+secrets.getValue("${world.argument}_$N")> <+secrets.getValue("$N${world.argument}")> <+secrets.getValue("\${N:-${world.argument}}")>`)}
  c: ${quoted(`<+secrets.getValue("account.azurevault://akv/${world.argument}")>`)}
  d: ${quoted(`<+secrets.getValue("${world.argument}.azurevault://akv/x")>`)}
  e: <+secrets.getValue("account.token")>
  f: <+secrets.getValue("account.azurevault://akv/cfg")>
  g: <+secrets.getValue("account.azurevault://akv/cfg#usr")>
  h: <+secrets.getValue("account.azurevault://akv/othe")>
  i: <+secrets.getValue("account.toke")>
  j: <+secrets.getValue("account.azurevault://ak/x")>
  k: <+secrets.getValue("account.azurevault://git/x")>
  l: <+secrets.${world.argument}>
  m: <+secrets.getValue("account.azurevault://akv/cfg#`;
}

const fieldNames = ["clientId", "tenantId", "secretKey", "vaultName", "subscription", "azureEnvironmentType", "useManagedIdentity", "azureManagedIdentityType", "managedClientId", "enablePurge"];

/** One connector with nothing but that value in its fields, and one whose vault and subscription are known. */
function connectorFile(world: World): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `connector:
  name: ${quoted(world.fieldValue)}
  identifier: ${quoted(world.fieldValue)}
  type: AzureKeyVault
  spec:
    "${JSON.stringify(world.fieldKey).slice(1, -1)}": x
${fieldNames.map((name) => `    ${name}: ${quoted(world.fieldValue)}`).join("\n")}
---
connector:
  name: b
  identifier: b
  type: AzureKeyVault
  spec:
    secretKey: account.token
    vaultName: shop-kv
    subscription: 22222222-0000-4000-8000-000000000001
    delegateSelectors: [${quoted(world.fieldValue)}]
    
---
connector:
  name: c
  identifier: c
  type: AzureKeyVault
  spec:
    vaultName: shop-kv
    enablePurge: true
    subscription: `;
}

function connectorSnapshot(world: World): Snapshot {
  const snapshot = snapshotOf(world);
  const analysis = analyze(`file:///repo/${world.fileName}`, connectorFile(world));
  const id = "22222222-0000-4000-8000-000000000001";
  const listed = { ...vault, subscription: id, resourceGroup: world.resourceGroup, location: world.resourceGroup, tenant: world.fieldValue, rbac: true, purgeProtection: true, publicAccess: true };
  const directory = {
    subscriptions: [{ id, name: world.subscriptionName, cloud: "public" as const, state: world.subscriptionName, tenant: world.fieldValue }],
    vaults: [listed, { ...listed, name: world.fieldValue }],
    freeNames: [],
    unknownTenants: [world.fieldValue],
  };
  return { ...snapshot, analysis, directory, workspace: new WorkspaceModel(snapshot.workspace.config, [...snapshot.workspace.entities, ...analysis.entities]) };
}

/** Every text that a person may get to see of connectors. */
function expectHarmlessConnector(snapshot: Snapshot): void {
  const { text } = snapshot.analysis;
  const places = [...text.matchAll(/^ {4}\w+: ?/gm)].flatMap(({ index, 0: line }) => [index + 5, index + line.length]);
  const hovers = places.flatMap((at) => [hover(snapshot, at), hover(snapshot, at, "plaintext")]).filter((found) => found !== undefined);
  expect(hovers.length).toBeGreaterThan(20);
  for (const at of places) {
    expectHarmlessMarkdown(hover(snapshot, at)?.text ?? "");
    expectHarmlessText(hover(snapshot, at, "plaintext")?.text ?? "");
  }
  for (const { message, fixes } of diagnostics(snapshot)) {
    expectHarmlessText(message);
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(500);
    for (const { title } of fixes) expectHarmlessLabel(title);
  }
  const ends = [...text.matchAll(/(?:vaultName|subscription|tenantId|delegateSelectors): (?:"|\[|$)?/gm)].map(({ index, 0: found }) => index + found.length);
  const items = [...ends, text.length, text.indexOf("    \n---") + 4].flatMap((at) => completion(snapshot, at).items);
  expect(items.length).toBeGreaterThan(3);
  for (const { label, detail = "", filterText, newText, data } of items) {
    expectHarmlessLabel(label);
    expectHarmlessLabel(detail);
    expectHarmlessText(filterText);
    expect(newText).toMatch(/^[\w$.-]+(?:: ?)?"?$/);
    const documentation = data === undefined ? undefined : completionDocumentation(snapshot, data);
    if (documentation !== undefined) expectHarmlessMarkdown(documentation);
  }
}

function snapshotOf(world: World): Snapshot {
  const origin = { uri: `file:///repo/${world.fileName}`, identifierSpan: { start: 0, end: 1 } };
  const scope = { level: "account" } as const;
  const connector: ConnectorEntity = { kind: "connector", identifier: world.connectorIdentifier, name: world.connectorName, scope, type: world.connectorType, origin, ...(world.connectorType === "AzureKeyVault" ? { vault } : {}) };
  const other: ConnectorEntity = { ...connector, identifier: "git", type: world.connectorType === "AzureKeyVault" ? "Github" : world.connectorType };
  const secret: SecretEntity = { kind: "secret", identifier: world.secretIdentifier, name: world.secretName, scope, type: "SecretText", valueType: "Reference", path: world.secretPath, connector: world.secretManager, origin };
  const attributes = { enabled: true, created: now - 1, contentType: world.contentType, tags: [[world.tagKey, world.tagValue]] } as const;
  const facts: VaultFacts = {
    vault,
    listing: { state: "known", at: now, value: { complete: true, secrets: [{ name: "cfg", ...attributes }, { name: world.listedName, ...attributes }] } },
    versions: [],
    deleted: [["othe", { state: "known", at: now, value: { state: "absent" } }]],
    jsonShapes: [["cfg", { state: "known", at: now, value: { kind: "json", keys: [{ name: world.jsonKey }, { name: "usr2" }] } }]],
  };
  return {
    analysis: analyze(`file:///repo/${world.fileName}`, pipeline(world)),
    workspace: new WorkspaceModel({ ...emptyConfig, complete: ["account", "project:default/shop", "org:default"] }, [connector, other, secret]),
    facts: new Facts([facts], "loading"),
    directory: emptyDirectory,
    now,
    settings: { ...defaultSettings, rules: { "not-verified": "info" } },
  };
}

const allowedTags: ReadonlySet<string> = new Set(["p", "strong", "ul", "li", "code"]);
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const seen = new Set<string>();

function expectHarmlessMarkdown(text: string): void {
  if (seen.has(text)) return;
  const html = marked.parse(text, { async: false, gfm: true });
  const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]?.toLowerCase() ?? ""));
  expect([...tags].filter((tag) => !allowedTags.has(tag)), text.slice(0, 500)).toEqual([]);
  expect(html).not.toMatch(/<[a-z0-9]+\s/i);
  expectHarmlessText(text);
  expect(text.length).toBeLessThan(6_000);
  seen.add(text);
}

function expectHarmlessText(text: string): void {
  expect(obeyed.exec(text)?.[0]).toBeUndefined();
  expect(/[\ud800-\udfff]/u.exec(text)?.[0]).toBeUndefined();
}

/** Every text that a person may get to see of that snapshot. */
function expectHarmless(snapshot: Snapshot): void {
  const { text } = snapshot.analysis;
  const places = [...text.matchAll(/secrets|which|value: /g)].map((match) => match.index);
  const hovers = places.flatMap((at) => hover(snapshot, at) ?? []);
  expect(hovers.length).toBeGreaterThan(9);
  for (const found of hovers) expectHarmlessMarkdown(found.text);
  for (const at of places) expectHarmlessText(hover(snapshot, at, "plaintext")?.text ?? "");
  const found = diagnostics(snapshot);
  expect(found.length).toBeGreaterThan(3);
  for (const { message, fixes } of found) {
    expectHarmlessText(message);
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(500);
    for (const { title } of fixes) expectHarmlessLabel(title);
  }
  const ends = [...text.matchAll(/getValue\("|akv\/|cfg#|value: "/g)].map((match) => match.index + match[0].length);
  const items = [...ends, text.length].flatMap((at) => completion(snapshot, at).items);
  expect(items.length).toBeGreaterThan(9);
  for (const { label, detail = "", data, filterText, newText } of items) {
    expectHarmlessLabel(label);
    expectHarmlessLabel(detail);
    expectHarmlessText(filterText);
    // What is written into the file is a reference, whatever the others are called.
    expect(newText).toMatch(/^[^\s"'<>`\\[\](){}]*(?:\\?"\)?>?|"\)>)?$/);
    const documentation = data === undefined ? undefined : completionDocumentation(snapshot, data);
    if (documentation !== undefined) expectHarmlessMarkdown(documentation);
  }
  expectHarmlessText(cliText(snapshot, found));
}

function expectHarmlessLabel(text: string): void {
  expectHarmlessText(text);
  expect(text).not.toContain("\n");
  expect(text.length).toBeLessThanOrEqual(130);
}

function cliText({ analysis }: Snapshot, findings: readonly Finding[]): string {
  const file = { name: analysis.uri, lines: lineMap(analysis.text), findings };
  const none = { files: 1, references: 0, errors: 0, warnings: 0, infos: 0, hints: 0, notVerified: new Map(), secretsNotVerified: new Map() };
  return reportText({ files: [file], summary: none }, false);
}

const fields = Object.keys(harmless) as (keyof World)[];

describe.each(hostile.map((text, index) => [`${String(index)}: ${shownText(text, 40)}`, text] as const))("%s", (_title, text) => {
  test.each(fields)("as %s", (field) => {
    expectHarmless(snapshotOf({ ...harmless, [field]: text }));
    expectHarmlessConnector(connectorSnapshot({ ...harmless, [field]: text }));
  });

  test("in keyline.jsonc", () => {
    const contents = [
      { [text]: text },
      { organization: text, project: text, complete: [text], include: [text], exclude: [text], rules: { [text]: "error", "bad-uri": text } },
      { connectors: [{ identifier: text, scope: text, vault: text, cloud: text, tenant: text, [text]: text }] },
      { secrets: [{ identifier: text, scope: "account", connector: text, value: text, name: text }] },
    ];
    for (const content of contents) {
      const { config, problems } = readConfig("file:///repo/keyline.jsonc", JSON.stringify(content));
      for (const { message } of problems) {
        expectHarmlessText(message);
        expect(message.length).toBeLessThan(500);
      }
      const snapshot = snapshotOf(harmless);
      expectHarmless({ ...snapshot, workspace: new WorkspaceModel({ ...config, complete: ["account"] }, snapshot.workspace.entities) });
    }
  });

  test("a code span shows the text, words show it too", () => {
    const shown = shownText(text, 200);
    const unescaped = (html: string): string => html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
    const inCode = /^<p>a <code>(?<inner>[^]*)<\/code> b<\/p>\n$/.exec(marked.parse(`a ${code(text)} b`, { async: false }))?.groups?.["inner"];
    expect(unescaped(inCode ?? "").trim()).toBe(shown.trim());
    const words = marked.parse(`a ${plain(text, 200)} b`, { async: false });
    expect(unescaped(words).replace(/^<p>a |\s*b<\/p>\n$/g, "").trim()).toBe(shown.trim());
  });
});

test("a name that is cut keeps its characters whole", () => {
  expect(shownText("🔑🔑🔑🔑", 4)).toBe("🔑…");
  expect(shownText("🔑🔑🔑🔑", 5)).toBe("🔑🔑…");
  expect(shownText("🔑🔑", 4)).toBe("🔑🔑");
});

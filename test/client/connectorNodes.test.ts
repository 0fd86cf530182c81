import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ConnectorNode, NodesContext } from "../../client/src/connectors/connectorNodes.ts";
import { connectorNodes } from "../../client/src/connectors/connectorNodes.ts";
import type { ConnectorState } from "../../client/src/connectors/connectorState.ts";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };
import { connectorRow, folder, rangeAt, untold, uses } from "./connectorRow.ts";

const verified: ConnectorState = { kind: "verified", short: "Verified", detail: "It works.", tested: 1_000 };
const notApproved: ConnectorState = { kind: "not-approved", short: "Not approved", detail: "Approve it." };

function nodes(rows: readonly ConnectorRow[], other: Partial<NodesContext> = {}): readonly ConnectorNode[] {
  return connectorNodes({ rows, reading: false, folders: [{ uri: folder, name: "shop" }], state: () => verified, now: () => 301_000, ...other });
}

/** Every line below, each with its depth. */
function outline(level: readonly ConnectorNode[], depth = ""): readonly string[] {
  return level.flatMap((node) => [`${depth}${node.label}${node.description === undefined ? "" : ` (${node.description})`}`, ...outline(node.children(), `${depth}  `)]);
}

function all(level: readonly ConnectorNode[]): readonly ConnectorNode[] {
  return level.flatMap((node) => [node, ...all(node.children())]);
}

const project = { level: "project", org: "default", project: "shop" } as const;

test("account, organizations each with their projects, then what is not known; connectors by name", () => {
  const rows = [
    connectorRow({ key: "u", scope: untold, name: "Somewhere" }),
    connectorRow({ key: "p", scope: project }),
    connectorRow({ key: "o2", scope: { level: "org", org: "zeta" } }),
    connectorRow({ key: "o1", scope: { level: "org", org: "default" } }),
    connectorRow({ key: "b", name: "Beta" }),
    connectorRow({ key: "a", name: "Alpha", references: [{ uri: `${folder}/a/p.yaml`, range: rangeAt(4, 2, 3), text: "account.azurevault://kv/db#user" }], secrets: uses(2) }),
  ];
  expect(outline(nodes(rows)).filter((line) => !/^ {4}0 /.test(line))).toEqual([
    "Account",
    "  Alpha (shop-kv · Verified)",
    "    1 reference",
    "      db#user (p.yaml:5 in a)",
    "    2 secrets kept in it",
    "      account.s0 (p.yaml:1 in pipelines)",
    "      account.s1 (p.yaml:2 in pipelines)",
    "  Beta (shop-kv · Verified)",
    "Organization default",
    "  Shop vault (shop-kv · Verified)",
    "Project default/shop",
    "  Shop vault (shop-kv · Verified)",
    "Organization zeta",
    "  Shop vault (shop-kv · Verified)",
    "Scope Not Told",
    "  Somewhere (shop-kv · Verified)",
  ]);
});

test("no prefix is invented for a connector whose scope is not told", () => {
  const [scope] = nodes([connectorRow({ scope: untold })]);
  expect(scope?.children()[0]?.tooltip?.()).toContain("\nReference: kv (scope not told)\n");
  expect(nodes([connectorRow()])[0]?.children()[0]?.tooltip?.()).toContain("\nReference: account.kv\n");
});

test("while files are read, what is counted is counted so far", () => {
  const [scope] = nodes([connectorRow({ references: [], secrets: uses(2) })], { reading: true });
  const [connector] = scope?.children() ?? [];
  expect(connector?.spoken).toBe("Connector Shop vault, vault shop-kv, Verified, 0 references so far, 2 secrets kept in it so far");
  expect(connector?.children().map(({ label }) => label)).toEqual(["0 references so far", "2 secrets kept in it so far"]);
});

test("folders have lines of their own only where there are several; an empty one has none", () => {
  const folders = [{ uri: folder, name: "shop" }, { uri: "file:///work/other", name: "other" }, { uri: "file:///work/empty", name: "empty" }];
  const rows = [connectorRow({ key: "1" }), connectorRow({ key: "2", folder: "file:///work/other" })];
  expect(outline(nodes(rows, { folders })).filter((line) => !line.trim().startsWith("0 "))).toEqual(["shop", "  Account", "    Shop vault (shop-kv · Verified)", "other", "  Account", "    Shop vault (shop-kv · Verified)"]);
});

test("other managers show their type and what uses them; what keeps no secrets shows neither", () => {
  const state = ({ type }: ConnectorRow): ConnectorState => ({ kind: "not-checked", short: type === "Vault" ? "Not checked" : "Keeps no secrets", detail: "x" });
  const { vault: _vault, settings: _settings, ...row } = connectorRow();
  expect(outline(nodes([{ ...row, key: "1", type: "Vault", name: "Hashi" }, { ...row, key: "2", type: "DockerRegistry", name: "Images" }], { state }))).toEqual([
    "Account",
    "  Hashi (Vault · Not checked)",
    "    0 references",
    "    0 secrets kept in it",
    "  Images (DockerRegistry · Keeps no secrets)",
  ]);
});

test("ids are one of each, and the same after a refresh that moves things", () => {
  const rows = [connectorRow({ key: "1", references: uses(450), secrets: uses(3) }), connectorRow({ key: "2", scope: project })];
  const before = all(nodes(rows)).map(({ id }) => id);
  expect(new Set(before).size).toBe(before.length);
  expect(all(nodes([...rows].reverse())).map(({ id }) => id)).toEqual(before);
});

test("each line knows its parent, which has it among its children", () => {
  for (const node of all(nodes([connectorRow({ references: uses(450) })], { folders: [{ uri: folder, name: "a" }, { uri: "file:///b", name: "b" }] }))) {
    if (node.parent === undefined) expect(node.label).toBe("a");
    else expect(node.parent.children()).toContain(node);
  }
});

test("context tokens are those that the menus test", () => {
  const token = (row: ConnectorRow, state: ConnectorState = verified): string | undefined => all(nodes([row], { state: () => state })).find((node) => node.about !== undefined)?.context;
  const { vault: _vault, ...noVault } = connectorRow();
  expect(token(connectorRow())).toBe("connector keyVault yaml vault");
  expect(token(connectorRow(), notApproved)).toBe("connector keyVault yaml vault notApproved");
  expect(token(connectorRow({ uri: `${folder}/keyline.jsonc` }))).toBe("connector keyVault vault");
  expect(token(noVault)).toBe("connector keyVault yaml");
  expect(token({ ...noVault, type: "Vault" })).toBe("connector yaml");
  expect(all(nodes([connectorRow({ references: uses(1) })])).filter((node) => node.context !== undefined)).toHaveLength(1);
  const menus = readFileSync(join(import.meta.dirname, "../../package.json"), "utf8").split("\n").filter((line) => line.includes("view == keyline.connectors")).join("\n");
  const tested = new Set([...menus.matchAll(/viewItem =~ \/\\\\b(\w+)\\\\b\//g)].map((match) => match[1]));
  expect(tested).toEqual(new Set(["connector", "keyVault", "yaml", "vault", "notApproved"]));
});

test("a place leads to its exact range, and says its file and line to a screen reader", () => {
  const place = all(nodes([connectorRow({ references: uses(1, "a%20b.yaml") })])).find((node) => node.place !== undefined);
  expect(place).toMatchObject({ place: { uri: `${folder}/pipelines/a%20b.yaml`, range: rangeAt(0, 4, 9) }, spoken: "Reference account.s0, pipelines/a b.yaml, line 1", expands: "not" });
});

test("a screen reader hears name, vault, state and uses; the tooltip tells all, and how long ago", () => {
  const row = connectorRow({ references: uses(1), secrets: uses(2), description: "for all", tags: [["team", "core"], ["x", ""]] });
  const node = all(nodes([row])).find((each) => each.about !== undefined);
  expect(node?.spoken).toBe("Connector Shop vault, vault shop-kv, Verified, 1 reference, 2 secrets kept in it");
  expect(node?.tooltip?.()).toBe(
    [
      "Shop vault",
      "Verified. It works. Tested 5 minutes ago.",
      "",
      "Reference: account.kv",
      "Type: AzureKeyVault",
      "Vault: shop-kv, Azure",
      "Tenant: 11111111-2222-3333-4444-555555555555",
      "Description: for all",
      "Tag: team: core",
      "Tag: x",
      "File: .harness/kv.yaml",
    ].join("\n"),
  );
});

test("T13, T14: hostile names are cut, and hold no control or direction character; a tooltip has the lines that it should", () => {
  for (const text of [...vectors.strings, "a\u202eb\r\n\u0000", "x".repeat(10_000), "](command:x)"]) {
    const hostile = connectorRow({ name: text, identifier: text, description: text, type: text, tags: Array.from({ length: 40 }, () => [text, text] as const), scope: { level: "org", org: text }, references: [{ uri: `${folder}/${text}`, range: rangeAt(0, 0, 1), text }] });
    for (const node of all(nodes([hostile, { ...hostile, key: "2", type: "AzureKeyVault" }], { folders: [{ uri: folder, name: text }, { uri: "file:///b", name: "b" }] }))) {
      expect(node.label.length).toBeLessThanOrEqual(80);
      const tooltip = node.tooltip?.() ?? "";
      for (const shown of [node.label, node.description ?? "", node.spoken, ...tooltip.split("\n")]) expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/);
      expect(tooltip.split("\n").length).toBeLessThan(30);
    }
  }
});

test("10 000 references: a page at a time, all of them reachable, quickly", () => {
  const row = connectorRow({ references: uses(10_000) });
  const began = performance.now();
  const [scope] = nodes([row]);
  const references = scope?.children()[0]?.children()[0];
  const first = references?.children() ?? [];
  expect(performance.now() - began).toBeLessThan(200);
  expect([references?.label, first.length, first.at(-1)?.label, first.at(-1)?.expands]).toEqual(["10000 references", 201, "9800 more", "collapsed"]);
  expect(all([references as ConnectorNode]).filter((node) => node.place !== undefined)).toHaveLength(10_000);
  expect(performance.now() - began).toBeLessThan(2_000);
});

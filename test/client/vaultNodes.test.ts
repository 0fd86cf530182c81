import { describe, expect, test } from "vitest";
import { currentNode, findNode } from "../../client/src/explorer/findNode.ts";
import type { ExplorerNode } from "../../client/src/explorer/explorerItem.ts";
import { referable } from "../../client/src/explorer/explorerItem.ts";
import { isReason, reasonText } from "../../client/src/language/stateWords.ts";
import type { JsonShape, SecretVersion, UnknownReason } from "../../server/src/core/model/facts.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };
import { shopVault } from "./connectorRow.ts";
import type { Known } from "./explorerScene.ts";
import { child, dayMs, labels, nodesOf, now, secret, useRow, usesResult, vaultLine } from "./explorerScene.ts";

const version = "0a1b2c3d4e5f60718293a4b5c6d7e801";
const older = "0a1b2c3d4e5f60718293a4b5c6d7e800";

function all(nodes: readonly ExplorerNode[]): readonly ExplorerNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children())]);
}

describe("a vault", () => {
  test.each<[string, Known, string]>([
    ["nobody has asked", { asked: false }, "Not read yet · account.kv"],
    ["being read", { secrets: "loading" }, "Being read · account.kv"],
    ["partly read", { secrets: [secret("a")], complete: false }, "1 secret so far · account.kv"],
    ["read", { secrets: [secret("a"), secret("b")] }, "2 secrets · account.kv"],
    ["forbidden", { secrets: "forbidden" }, "No permission · account.kv"],
    ["read again after an answer that is old", { secrets: [secret("a")], stale: "loading" }, "1 secret 10 minutes ago, now: Being read · account.kv"],
    ["offline after an answer", { secrets: [secret("a")], stale: "offline" }, "1 secret 10 minutes ago, now: Offline · account.kv"],
    ["not approved", { asked: false, context: { isApproved: () => false } }, "Not approved · account.kv"],
    ["in Restricted Mode", { asked: false, context: { isTrusted: false } }, "Restricted Mode · account.kv"],
    ["added by hand", { secrets: [], context: { vaults: [{ vault: shopVault }] } }, "0 secrets · added by you"],
  ])("%s", (_name, known, description) => {
    const node = vaultLine(known);
    expect([node.description, node.spoken]).toEqual([description, `Vault shop-kv, ${description}`]);
  });

  test("that is not approved offers the approval, is asked nothing, and hides what is known", () => {
    const node = vaultLine({ secrets: [secret("a")], context: { isApproved: () => false } });
    expect(labels(node)).toEqual(["Approve this vault to see its secrets…"]);
    expect([node.about?.opens, node.children()[0]?.command?.id, node.context]).toEqual([undefined, "keyline.approveVault", "vault notApproved"]);
  });

  test("in Restricted Mode leads to trust", () => {
    const node = vaultLine({ context: { isTrusted: false } });
    expect(node.children().map(({ command }) => command?.id)).toEqual(["workbench.trust.manage"]);
  });

  test("is told why it is not read, never that it is empty", () => {
    const reasons: readonly UnknownReason[] = ["loading", "offline", "not-signed-in", "credential-refused", "tenant-not-found", "wrong-tenant", "forbidden", "network-blocked", "vault-not-found", "throttled", "unreachable", "tls", "service-error"];
    for (const reason of reasons) {
      const [note, deleted] = vaultLine({ secrets: reason }).children();
      expect(isReason(reason) && note?.label).toBe(reason === "loading" ? "Being read…" : reasonText(reason).text);
      expect(deleted?.label).toBe("Deleted");
    }
  });

  test("without a secret says so and offers to create one, but not while it is read", () => {
    expect(labels(vaultLine({ secrets: [] }))).toEqual(["The vault holds no secret. Create one…", "Deleted"]);
    expect(labels(vaultLine({ secrets: [], complete: false }))).toEqual(["Being read…", "Deleted"]);
  });

  test.each<[UnknownReason, string]>([["offline", "Offline"], ["loading", "Being read…"]])("that was empty and cannot be seen now (%s) is not said to be so", (stale, label) => {
    const node = vaultLine({ secrets: [], stale });
    expect(node.children().map((line) => line.label)).toEqual([label, "Deleted"]);
  });
});

describe("a secret", () => {
  test.each([
    ["enabled", secret("a"), "used by 2 references", "key"],
    ["disabled", secret("a", { enabled: false, expires: now - dayMs }), "disabled · used by 2 references", "circle-slash"],
    ["expired", secret("a", { expires: now - 3 * dayMs }), "expired 3 days ago · used by 2 references", "error"],
    ["expiring", secret("a", { expires: now + 22 * dayMs }), "expires in 3 weeks · used by 2 references", "warning"],
    ["expiring later", secret("a", { expires: now + 40 * dayMs }), "used by 2 references", "key"],
    ["not yet valid", secret("a", { notBefore: now + 2 * dayMs }), "valid in 2 days · used by 2 references", "watch"],
    ["of a certificate", secret("a", { managed: true }), "managed by a certificate · used by 2 references", "lock"],
    ["of a certificate that has expired", secret("a", { managed: true, expires: now - dayMs }), "expired 1 day ago, managed by a certificate · used by 2 references", "error"],
  ])("%s", (_name, attributes, description, icon) => {
    const node = child(vaultLine({ secrets: [attributes], uses: usesResult([useRow("A", 2)]) }), "a");
    expect([node.description, node.icon.id, node.spoken.startsWith("Secret a, ")]).toEqual([description, icon, true]);
  });

  test.each([
    ["unused where all files are read", usesResult([]), "unused in this workspace"],
    ["not called unused while files are read", usesResult([], { complete: false, reading: true }), "no use found so far"],
    ["not called unused where files cannot be read", usesResult([], { complete: false }), "no use found"],
    ["counted so far", usesResult([useRow("a", 1)], { complete: false, reading: true }), "used by 1 reference so far"],
    ["counted as far as files can be read", usesResult([useRow("a", 1)], { complete: false }), "used by 1 reference or more"],
    ["used by an entity alone", usesResult([useRow("a", 0, 1)]), "used by 0 references"],
  ])("%s", (_name, uses, description) => {
    expect(child(vaultLine({ secrets: [secret("a")], uses }), "a").description).toBe(description);
  });

  test("says nothing of uses before the server has answered", () => {
    const node = child(vaultLine({ secrets: [secret("a")], uses: "unknown" }), "a");
    expect([node.description, node.children()[0]?.label]).toEqual(["", "uses not known yet"]);
  });

  test("shows its places, then its versions, newest first", () => {
    const versions: readonly SecretVersion[] = [
      { version, enabled: true, created: now - dayMs },
      { version: older, enabled: false },
    ];
    const known: Known = { secrets: [secret("A")], uses: usesResult([useRow("a", 2, 1)]), facts: { versions: [["a", { state: "known", at: now, value: versions }]] } };
    const node = child(vaultLine(known), "A");
    expect(labels(node)).toEqual(["used by 2 references", "1 Harness secret kept in it", "0a1b2c3d… (latest · enabled · 2026-11-23)", "0a1b2c3d… (disabled)"]);
    expect(node.children()[0]?.children()[1]?.place).toMatchObject({ uri: "file:///work/shop/pipelines/p.yaml", range: { start: { line: 1, character: 4 } } });
    expect(node.children().slice(2).map(({ context, about }) => [context, about?.subject?.version])).toEqual([
      ["version enabled latest", version],
      ["version disabled", older],
    ]);
  });

  test("of a certificate offers no change of its versions", () => {
    const known: Known = { secrets: [secret("a", { managed: true })], facts: { versions: [["a", { state: "known", at: now, value: [{ version, enabled: true }] }]] } };
    expect(child(vaultLine(known), "a").children().at(-1)?.context).toBe("version enabled latest managed");
  });

  test.each<[string, Known["facts"], readonly string[]]>([
    ["are being read", {}, ["Being read…"]],
    ["are not to be had", { versions: [["a", { state: "unknown", reason: "throttled" }]] }, ["Vault is throttling (Keyline tries again by itself.)"]],
    ["had gone and cannot be seen now", { versions: [["a", { state: "known", at: now, value: [], stale: "throttled" }]] }, ["Vault is throttling (Keyline tries again by itself.)"]],
    ["have gone", { versions: [["a", { state: "known", at: now, value: [] }]] }, ["The vault holds no version of it any more"]],
  ])("whose versions %s says so", (_name, facts, expected) => {
    expect(labels(child(vaultLine({ secrets: [secret("a")], ...(facts === undefined ? {} : { facts }) }), "a")).slice(1)).toEqual(expected);
  });

  test("tells dates, content type, tags and recovery level where the mouse rests", () => {
    const attributes = secret("a", { created: now - 400 * dayMs, expires: now + 22 * dayMs, contentType: "text/plain", tags: [["owner", "team"]], recoveryLevel: "Recoverable" });
    expect(child(vaultLine({ secrets: [attributes] }), "a").tooltip?.()).toBe(
      ["a", "expires in 3 weeks, unused in this workspace", "", "Created: 2025-10-20 (13 months ago)", "Expires: 2026-12-16 (in 3 weeks)", "Content type: text/plain", "Tag: owner: team", "Recovery level: Recoverable (purge protection)"].join("\n"),
    );
  });
});

test("a version tells its own dates, content type and tags where the mouse rests", () => {
  const versions: readonly SecretVersion[] = [{ version, enabled: true, created: now - dayMs, contentType: "text/plain", tags: [["owner", "team"], ["urgent", ""]], recoveryLevel: "Recoverable" }];
  const node = child(child(vaultLine({ secrets: [secret("a")], facts: { versions: [["a", { state: "known", at: now, value: versions }]] } }), "a"), "0a1b2c3d…");
  expect(node.tooltip?.()).toBe([`Version ${version}`, "enabled", "", "Created: 2026-11-23 (1 day ago)", "Content type: text/plain", "Tag: owner: team", "Tag: urgent"].join("\n"));
});

test("a version of a certificate offers no change", () => {
  const node = child(vaultLine({ secrets: [secret("a", { managed: true })], facts: { versions: [["a", { state: "known", at: now, value: [{ version, enabled: true, managed: true }] }]] } }), "a");
  expect(node.children().at(-1)).toMatchObject({ description: "latest · managed by a certificate", context: "version enabled latest managed" });
});

describe("JSON keys", () => {
  const facts = (shape: JsonShape): Known["facts"] => ({ versions: [["a", { state: "known", at: now, value: [{ version, enabled: true }] }]], jsonShapes: [[`a/${version}`, { state: "known", at: now, value: shape }]] });
  const keysOf = (shape: JsonShape, keysAllowed = true): ExplorerNode => child(child(vaultLine({ secrets: [secret("a")], facts: facts(shape) ?? {}, context: { keysAllowed: () => keysAllowed } }), "a"), "0a1b2c3d…");

  test("are not shown before the person has allowed reading them", () => {
    const node = keysOf({ kind: "json", keys: [{ name: "user" }] }, false);
    expect(node.children().map(({ label, command }) => [label, command?.id])).toEqual([["Allow reading JSON keys of this vault…", "keyline.allowJsonKeys"]]);
  });

  test("are nested, and stand for the latest version without naming it", () => {
    const node = keysOf({ kind: "json", keys: [{ name: "endpoint", children: [{ name: "host" }] }, { name: "user" }] });
    expect(labels(node)).toEqual(["endpoint", "user"]);
    expect(node.children()[0]?.children()[0]?.about?.subject).toEqual({ vault: shopVault, name: "a", jsonKeys: ["endpoint", "host"] });
  });

  test("of a disabled version are not asked for, and not said to be forbidden", () => {
    const disabled = { ...facts({ kind: "not-json" }), versions: [["a", { state: "known", at: now, value: [{ version, enabled: false }] }]] } as const;
    const node = child(child(vaultLine({ secrets: [secret("a")], facts: disabled, context: { keysAllowed: () => true } }), "a"), "0a1b2c3d…");
    expect([node.about?.opens, labels(node)]).toEqual([undefined, ["Disabled, so its JSON keys cannot be read. Enable it first"]]);
  });

  test("that this identity may not read name the right, and lead to another credential", () => {
    const refused = { ...facts({ kind: "not-json" }), jsonShapes: [[`a/${version}`, { state: "unknown", reason: "keys-forbidden" }]] } as const;
    const node = child(child(vaultLine({ secrets: [secret("a")], facts: refused, context: { keysAllowed: () => true } }), "a"), "0a1b2c3d…");
    expect(node.children().map(({ label, description, command }) => [label, description, command?.id])).toEqual([["JSON keys refused", expect.stringContaining("ask for Key Vault Secrets User") as unknown, "keyline.chooseVaultCredential"]]);
  });

  test("that an old answer lacks are not said to be none", () => {
    const stale = { versions: facts({ kind: "not-json" })?.versions ?? [], jsonShapes: [[`a/${version}`, { state: "known", at: now, value: { kind: "not-json" }, stale: "offline" }]] } as const;
    expect(child(child(vaultLine({ secrets: [secret("a")], facts: stale, context: { keysAllowed: () => true } }), "a"), "0a1b2c3d…").children().map(({ label }) => label)).toEqual(["Offline"]);
  });

  test("of a text are none", () => {
    expect([labels(keysOf({ kind: "not-json" })), labels(keysOf({ kind: "json", keys: [] }))]).toEqual([["The value is no JSON object"], ["The JSON object has no keys"]]);
  });
});

describe("deleted secrets", () => {
  test("are read when their line is opened", () => {
    const node = child(vaultLine({ secrets: [secret("a")] }), "Deleted");
    expect([node.about?.opens, labels(node)]).toEqual(["deleted", ["Being read…"]]);
  });

  test("say until when they are kept, and whether they can be purged", () => {
    const list = [{ name: "b", deletedOn: now - 2 * dayMs, scheduledPurge: now + 88 * dayMs, recoveryLevel: "Recoverable" }, { name: "a", recoveryLevel: "Recoverable+Purgeable" }];
    const node = child(vaultLine({ secrets: [], deleted: { secrets: list, state: "complete" } }), "Deleted");
    expect([node.description, labels(node)]).toEqual(["2 secrets", ["a (deleted)", "b (deleted 2 days ago, kept until 2027-02-20)"]]);
    expect(node.children().map(({ context }) => context)).toEqual(["deleted purgeable", "deleted"]);
  });

  test("are not said to be kept by purge protection where the vault does not say so", () => {
    const list = [{ name: "a", recoveryLevel: "Recoverable" }, { name: "b" }, { name: "c", recoveryLevel: "Recoverable+Purgeable" }];
    const node = child(vaultLine({ secrets: [], deleted: { secrets: list, state: "complete" } }), "Deleted");
    expect(node.children().map(({ tooltip }) => tooltip?.().split("\n").at(-1))).toEqual([
      "It can be recovered. Purge protection: only the vault itself purges it, when its retention ends.",
      "It can be recovered. Whether it can be purged is not known.",
      "It can be recovered or purged.",
    ]);
  });

  test("cannot be dragged into a text, as no reference to them works", () => {
    const root = vaultLine({ secrets: [secret("a")], deleted: { secrets: [{ name: "b" }], state: "complete" } });
    const [gone] = child(root, "Deleted").children();
    expect([referable(child(root, "a")), gone?.about?.subject?.name, gone === undefined ? "no line" : referable(gone)]).toEqual([{ vault: shopVault, name: "a" }, "b", undefined]);
  });

  test("that may not be listed say which right is missing, and that they are not known", () => {
    const node = child(vaultLine({ secrets: [], deleted: { secrets: [], state: { failed: "forbidden" } } }), "Deleted");
    expect([node.description, node.children().map(({ label }) => label)]).toEqual(["not known", ["Your identity may not list deleted secrets here: ask for Key Vault Secrets Officer, or the list permission"]]);
  });

  test("that fail half-way keep what has come", () => {
    const node = child(vaultLine({ secrets: [], deleted: { secrets: [{ name: "a" }], state: { failed: "throttled" } } }), "Deleted");
    expect([node.description, node.children().map(({ label }) => label)]).toEqual(["1 secret, not all known", ["Vault is throttling", "a"]]);
  });

  test("that the filter hides while they are read are not said to be all", () => {
    const node = child(vaultLine({ secrets: [], deleted: { secrets: [{ name: "a" }], state: "reading" }, view: { filter: "x" } }), "Deleted");
    expect(labels(node)).toEqual(["No deleted secret fits the filter so far"]);
  });

  test("may be none", () => {
    expect(labels(child(vaultLine({ secrets: [], deleted: { secrets: [], state: "complete" } }), "Deleted"))).toEqual(["No deleted secret"]);
  });
});

describe("many secrets", () => {
  const secrets = Array.from({ length: 10_000 }, (_, index) => secret(`s-${String(index).padStart(5, "0")}`));

  test("stand in parts of 200, each named by its first and last", () => {
    const parts = vaultLine({ secrets }).children();
    expect([parts.length, parts[0]?.label, parts[0]?.children().length, parts[49]?.label, parts[50]?.label]).toEqual([51, "s-00000 … s-00199", 200, "s-09800 … s-09999", "Deleted"]);
  });

  test("are made anew for each batch of pages without a freeze", () => {
    vaultLine({ secrets }).children();
    const started = performance.now();
    vaultLine({ secrets }).children();
    expect(performance.now() - started).toBeLessThan(250);
  });

  test("are found by a filter, whatever the case", () => {
    expect(labels(vaultLine({ secrets, view: { filter: "S-0012" } })).slice(0, 2)).toEqual(["s-00120 (unused in this workspace)", "s-00121 (unused in this workspace)"]);
    expect(labels(vaultLine({ secrets, view: { filter: "nothing" } }))[0]).toBe("None of 10000 secrets fits the filter");
  });

  test("are narrowed to the unused ones", () => {
    const known: Known = { secrets: [secret("a"), secret("b")], uses: usesResult([useRow("a", 1)]), view: { unusedOnly: true } };
    expect(labels(vaultLine(known))).toEqual(["b (unused in this workspace)", "Deleted"]);
  });

  test("one of them is found in its part, with its version", () => {
    const facts = { versions: [["s-09999", { state: "known", at: now, value: [{ version, enabled: true }] }]] } as const;
    const roots = nodesOf({ secrets, facts });
    expect(findNode(roots, { vault: shopVault, name: "S-09999" })?.label).toBe("s-09999");
    expect(findNode(roots, { vault: shopVault, name: "s-09999", version })?.about?.subject?.version).toBe(version);
    expect(findNode(roots, { vault: shopVault, name: "gone" })?.label).toBe("shop-kv");
    expect(findNode(roots, { vault: { name: "other", cloud: "public" }, name: "gone" })).toBeUndefined();
  });
});

test("a line that VS Code kept leads to what is below it now", () => {
  const kept = child(vaultLine({ secrets: [secret("a")] }), "a");
  const facts = { versions: [["a", { state: "known", at: now, value: [{ version, enabled: true }] }]] } as const;
  const roots = nodesOf({ secrets: [secret("a")], facts });
  expect(labels(kept)).toContain("Being read…");
  expect(currentNode(roots, kept)?.children().map(({ label }) => label)).toContain("0a1b2c3d…");
  expect(currentNode(nodesOf({ secrets: [] }), kept)).toBeUndefined();
});

test("each line keeps its own id from one refresh to the next", () => {
  const known: Known = { secrets: [secret("a"), secret("b")], uses: usesResult([useRow("a", 2, 1)]), deleted: { secrets: [{ name: "a" }], state: "complete" }, view: { group: "expiry" } };
  const ids = all(nodesOf(known)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all(nodesOf(known)).map(({ id }) => id)).toEqual(ids);
});

test("what a vault says stays harmless text on every line", () => {
  for (const text of [...vectors.strings, "a\u202eb\r\n\u0000"]) {
    const labels = { contentType: text, tags: [[text, text]] } as const;
    const known: Known = { secrets: [secret("a", labels)], facts: { versions: [["a", { state: "known", at: now, value: [{ version, enabled: true, ...labels }] }]] }, view: { group: "tag", groupTag: text } };
    for (const node of all(nodesOf(known))) {
      for (const shown of [node.label, node.description ?? "", node.spoken, ...(node.tooltip?.() ?? "").split("\n")]) expect(shown).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
    }
  }
});

import { describe, expect, test } from "vitest";
import { registerEntityCommands } from "../../client/src/entities/entityCommands.ts";
import { referenceSecret } from "../../client/src/entities/referenceSecret.ts";
import { testReference } from "../../client/src/entities/referenceTest.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };
import { connectorRow, secretRow, shopVault, untold } from "./connectorRow.ts";
import type { EntityOptions } from "./entityScene.ts";
import { entityScene, forbidden, item, now, told, vaultItem, versionHex } from "./entityScene.ts";
import type { Act } from "./scriptedPrompts.ts";
import { back, enter, leave } from "./scriptedPrompts.ts";

const orgRow = connectorRow({ key: "o", identifier: "org_kv", name: "Org vault", scope: { level: "org", org: "default" } });
const projectRow = connectorRow({ key: "p", identifier: "own_kv", name: "Own vault", scope: { level: "project", org: "default", project: "shop" } });

async function run(options: EntityOptions, argument?: unknown) {
  const scene = entityScene(options);
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerEntityCommands((id, action) => void actions.set(id, action), scene.context);
  await actions.get("keyline.referenceSecret")?.(argument);
  return scene;
}

const all: readonly Act[] = ["db-password", "Latest", "The whole", "Account", enter, enter, "Test", "Go on", "Write"];

describe("a secret of a vault", () => {
  test("is chosen from lists, tested and written", async () => {
    const { written, calls, dialogs, prompts } = await run({ acts: all });
    expect([...written]).toEqual([["file:///w/.harness/secrets/dbpassword.yaml", expect.stringContaining("  name: db-password\n  identifier: dbpassword\n")]]);
    expect([...written.values()][0]).toContain("    secretManagerIdentifier: account.kv\n    valueType: Reference\n    value: db-password\n");
    expect(calls.filter((call) => !call.startsWith("approve"))).toEqual(["list shop-kv", "versions of db-password", "versions of db-password", "show file:///w/.harness/secrets/dbpassword.yaml"]);
    expect(told(dialogs)).toBe(".harness/secrets/dbpassword.yaml is written. The vault shop-kv holds db-password, and it is enabled.");
    expect(prompts.left()).toEqual([]);
  });

  test("is listed with its state and dates", async () => {
    const { prompts } = await run({ acts: [leave] });
    expect(prompts.asked[0]?.details?.slice(0, 2)).toEqual(["enabled · created 2026-11-24", "disabled · expires 2026-11-24"]);
  });

  test("is asked for by version, key and scope", async () => {
    const { written, calls } = await run({ keysAllowed: true, acts: ["cfg", versionHex, "db.host", "Project", "default", "shop", enter, enter, "Test", "Go on", "Write"] });
    expect([...written.keys()]).toEqual(["file:///w/.harness/orgs/default/projects/shop/secrets/cfg_db_host.yaml"]);
    expect([...written.values()][0]).toContain(`value: cfg#db.host/${versionHex}\n`);
    expect(calls).toContain(`keys of cfg/${versionHex}`);
  });

  test("that the tree's item means is not asked for again; Back leads to it", async () => {
    const subject = { vault: shopVault, name: "cfg", version: versionHex, jsonKeys: ["user"] };
    const { written, prompts } = await run({ subject, acts: ["Account", enter, enter, "Go on without", "Write"] }, item);
    expect([...written.values()][0]).toContain(`value: cfg#user/${versionHex}\n`);
    expect(prompts.asked[0]?.head).toMatchObject({ step: 5, canGoBack: true });
    const other = await run({ subject, acts: [back, back, back, "db-password", leave] }, item);
    expect(other.prompts.asked.map(({ prompt }) => prompt)).toEqual(["Scope: where the secret can be used", "JSON key of cfg, where its value is JSON", "Version of cfg", "Secret of shop-kv: type to search", "Version of db-password"]);
  });

  test("that is given is asked for its connector first, where several lead to its vault", async () => {
    const subject = { vault: shopVault, name: "cfg", version: versionHex, jsonKeys: ["user"] };
    const rows = [connectorRow(), projectRow];
    const { written, dialogs } = await run({ subject, rows, pick: "Own vault", acts: [enter, enter, "Go on without", "Write"] }, item);
    expect(dialogs.shown[0]).toMatchObject({ text: "Through which connector does Harness reach shop-kv?", choices: ["Shop vault", "Own vault"] });
    expect([...written.values()][0]).toContain("secretManagerIdentifier: own_kv\n");
    const left = await run({ subject, rows }, item);
    expect([left.prompts.asked, left.written.size]).toEqual([[], 0]);
  });

  test("can be any of 10,000", async () => {
    const value = Array.from({ length: 10_000 }, (_, index) => ({ name: `s-${String(index)}`, enabled: true }));
    const { prompts, written } = await run({ secrets: { ok: true, value }, acts: ["s-9999", ...all.slice(1)] });
    expect(prompts.asked[0]?.labels).toHaveLength(10_001);
    expect([...written.values()][0]).toContain("value: s-9999\n");
  });

  test.each([...vectors.strings, "a#b", "a/b"])("is none that no vault can have made, wherever it comes from: %j", async (name) => {
    const { prompts } = await run({ secrets: { ok: true, value: [{ name, enabled: true }] }, acts: [leave] });
    expect(prompts.asked[0]?.labels).toEqual(["The vault holds no secret", "Enter the name…"]);
    const given = await run({ subject: { vault: shopVault, name }, acts: [leave] }, item);
    expect(given.prompts.asked[0]?.prompt).toBe("Secret of shop-kv: type to search");
  });

  test.each(vectors.strings)("shows hostile JSON keys and connectors as text: %j", async (text) => {
    const rows = [connectorRow({ name: text }), projectRow];
    const { prompts } = await run({ rows, keysAllowed: true, shape: { ok: true, value: { kind: "json", keys: [{ name: text }] } }, acts: [leave] });
    const keys = await run({ keysAllowed: true, shape: { ok: true, value: { kind: "json", keys: [{ name: text }] } }, acts: ["cfg", "Latest", leave] });
    for (const label of [...(prompts.asked[0]?.labels ?? []), ...(keys.prompts.asked.at(-1)?.labels ?? [])]) expect(label).not.toMatch(/(?<!\\)\$\(|[\u0000-\u001f\u202e]/);
  });
});

describe("the connector", () => {
  test("decides where the secret can live", async () => {
    const rows = [connectorRow(), orgRow, projectRow];
    const own = await run({ rows, acts: ["Own vault", "db-password", "Latest", "The whole", enter, enter, "Go on without", "Write"] });
    expect([...own.written]).toEqual([["file:///w/.harness/orgs/default/projects/shop/secrets/dbpassword.yaml", expect.stringContaining("secretManagerIdentifier: own_kv\n")]]);
    const org = await run({ rows, acts: ["Org vault", "db-password", "Latest", "The whole", "Project", "shop", enter, enter, "Go on without", "Write"] });
    expect(org.prompts.asked.find(({ prompt }) => prompt.startsWith("Scope"))?.labels).toEqual(["Organization", "Project"]);
    expect([...org.written.values()][0]).toContain("orgIdentifier: default\n  projectIdentifier: shop\n");
    expect([...org.written.values()][0]).toContain("secretManagerIdentifier: org.org_kv\n");
  });

  const untoldRow = connectorRow({ key: "u", identifier: "some_kv", name: "Some vault", scope: untold });

  test("of a file that does not say its scope is asked for it, and named as it wants then", async () => {
    const acts: readonly Act[] = ["Some vault", "db-password", "Latest", "The whole", "Project", "shop", enter, enter, "Go on without", "Write"];
    const { written, configs, dialogs, prompts } = await run({ rows: [untoldRow, connectorRow(), projectRow], pick: ["Organization default", "Write It to keyline.jsonc"], acts });
    expect([...written]).toEqual([["file:///w/.harness/orgs/default/projects/shop/secrets/dbpassword.yaml", expect.stringContaining("secretManagerIdentifier: org.some_kv\n")]]);
    expect([...configs]).toEqual([["file:///work/shop/keyline.jsonc", expect.stringContaining('"scope": "org:default"')]]);
    expect(prompts.asked[0]).toMatchObject({ labels: ["Shop vault", "Own vault", "Some vault"], details: ["account.kv · shop-kv", "own_kv · shop-kv", "some_kv (scope not told) · shop-kv"] });
    expect(dialogs.shown.filter(({ kind }) => kind === "pick")).toHaveLength(2);
    expect(prompts.left()).toEqual([]);
  });

  test("is asked for its scope once, also where the person comes back to it", async () => {
    const { written, configs, dialogs } = await run({ rows: [untoldRow, projectRow], pick: ["Account", "Only This Time"], acts: ["Some vault", back, "Some vault", "db-password", "Latest", "The whole", "Account", enter, enter, "Go on without", "Write"] });
    expect([...written.values()][0]).toContain("secretManagerIdentifier: account.some_kv\n");
    // The account's own secret gets its entry; the connector's file gets none for this time.
    expect([...configs.keys()]).toEqual(["file:///w/keyline.jsonc"]);
    expect(dialogs.shown.filter(({ text }) => text.startsWith("In which scope"))).toHaveLength(1);
  });

  test("is asked for its scope first, where it is the only one or the secret is given; Esc writes nothing", async () => {
    const subject = { vault: shopVault, name: "cfg", version: versionHex, jsonKeys: [] };
    const only = await run({ rows: [untoldRow] });
    expect([only.dialogs.shown.map(({ text }) => text), only.prompts.asked, only.written.size, only.configs.size]).toEqual([["In which scope does .harness/kv.yaml live?"], [], 0, 0]);
    const given = await run({ rows: [untoldRow, projectRow], subject, pick: ["Some vault", "Account"] }, item);
    expect([given.dialogs.shown.length, given.prompts.asked, given.written.size, given.configs.size]).toEqual([3, [], 0, 0]);
    const list = await run({ rows: [untoldRow, projectRow], acts: ["Some vault", leave] });
    expect([list.prompts.asked.length, list.written.size, list.configs.size]).toEqual([2, 0, 0]);
  });

  test("is not taken where its scope, once told, is not seen from the reference that is there", async () => {
    const start = { identifier: "db", level: "account", wantedLevel: "account" } as const;
    const only = entityScene({ rows: [untoldRow], pick: ["Another…", "Only This Time"], input: "org:default" });
    expect(await referenceSecret(only.context, start)).toBeUndefined();
    expect(told(only.dialogs)).toBe("The connector some_kv lives in organization default, which a secret of the account does not see. Choose another connector.");
    const scene = entityScene({ rows: [untoldRow, connectorRow()], pick: ["Another…", "Only This Time"], input: "project:default/shop", acts: ["Some vault", "Shop vault", leave] });
    expect(await referenceSecret(scene.context, { ...start, level: "org", wantedLevel: "org" })).toBeUndefined();
    expect([told(scene.dialogs), scene.prompts.left()]).toEqual(["The connector some_kv lives in project default/shop, which a secret of an organization does not see. Choose another connector.", []]);
  });

  test("is one of a Key Vault, and leads to the vault that is meant", async () => {
    const rows = [connectorRow({ key: "2", type: "Vault" }), connectorRow({ key: "3", identifier: "a b" })];
    const none = await run({ rows });
    expect(told(none.dialogs)).toBe("No file that was read defines an Azure Key Vault connector, and a secret must name one. Run Keyline: New Azure Key Vault Connector first.");
    const elsewhere = await run({ rows: [connectorRow({ vault: { name: "other-kv", cloud: "public" } })] }, vaultItem);
    expect(told(elsewhere.dialogs)).toContain("No connector that is known leads to the vault shop-kv, and");
    expect(elsewhere.prompts.asked).toEqual([]);
  });

  test("of a reference that is there already must be seen from its scope", async () => {
    const { context, dialogs } = entityScene({ rows: [orgRow, projectRow] });
    expect(await referenceSecret(context, { identifier: "db", level: "account", wantedLevel: "account" })).toBeUndefined();
    expect(told(dialogs)).toContain("No connector that is known leads to an Azure Key Vault at account level, and");
    const scene = entityScene({ rows: [orgRow, projectRow], acts: ["db-password", "Latest", "The whole", enter, enter, "Go on without", "Write"] });
    expect(await referenceSecret(scene.context, { identifier: "Db1", level: "org", wantedLevel: "org" })).toMatchObject({ scope: { level: "org", org: "default" }, identifier: "Db1" });
  });
});

describe("what cannot be read", () => {
  test("is said with what to do, and the name can be entered", async () => {
    const { prompts, written } = await run({ secrets: forbidden, versions: forbidden, acts: ["No role", "Enter the name", "my_secret", "my-secret", "Latest", "The whole", "Account", enter, enter, "Test", "Save it", "Write"] });
    expect(prompts.asked[0]?.labels?.[0]).toBe("No role");
    expect(prompts.asked[1]?.notes).toContain("no role on the vault that lets it list secrets");
    expect(prompts.problems).toEqual(["A secret's name has letters, digits and hyphens only: no _. Harness's identifiers take _, Key Vault does not: write a hyphen."]);
    expect(prompts.asked.find(({ labels }) => labels?.includes("Save it all the same") === true)?.notes).toMatch(/^Not verified\. .*Harness reaches the vault from a delegate/);
    expect([...written.values()][0]).toContain("value: my-secret\n");
  });

  test("of JSON keys names the right to read a value, not the one to list names", async () => {
    const { prompts } = await run({ keysAllowed: true, shape: forbidden, acts: ["cfg", "Latest", "No role", leave] });
    expect(prompts.asked.at(-1)?.notes).toBe("The identity has no role on the vault that lets it read a secret's value. Ask for the role Key Vault Secrets User on the vault. A new role can take minutes to work.");
  });

  test("is not asked for without approval", async () => {
    const { calls, prompts, written } = await run({ approves: false, acts: ["Enter the name", "db", "Enter a version", "05", versionHex.toUpperCase(), "The whole", "Account", enter, enter, "Test", "Save it", "Write"] });
    expect(calls.every((call) => call.startsWith("approve") || call.startsWith("show"))).toBe(true);
    expect(prompts.asked[0]?.notes).toBe("The vault is not approved, so it is not asked. Go back to approve it, or enter what you know.");
    expect(prompts.problems).toEqual(["A version is 32 hexadecimal digits, as the vault shows it."]);
    expect([...written.values()][0]).toContain(`value: db/${versionHex}\n`);
  });

  test("is no empty vault; an empty one is said to be empty", async () => {
    const { prompts } = await run({ secrets: { ok: true, value: [] }, acts: ["The vault holds no secret", leave] });
    expect(prompts.asked).toHaveLength(2);
  });

  test("in Restricted Mode nothing begins", async () => {
    const { dialogs, prompts, calls } = await run({ trusted: false });
    expect(told(dialogs)).toBe("Keyline changes no file in Restricted Mode. Trust this workspace first.");
    expect([prompts.asked, calls]).toEqual([[], []]);
  });
});

describe("JSON keys", () => {
  const until: readonly Act[] = ["cfg", "Latest"];

  test("are read only after the person has agreed, and only those are offered that a path can name", async () => {
    const { prompts, calls } = await run({ agreesToKeys: true, acts: [...until, "List its JSON keys", leave] });
    expect(prompts.asked.at(-1)?.labels).toEqual(["user", "db", "db.host", "The whole value", "Enter a JSON key…"]);
    expect(calls.slice(-2)).toEqual(["ask for keys", "keys of cfg"]);
    const refused = await run({ acts: [...until, "List its JSON keys", leave] });
    expect(refused.calls).not.toContain("keys of cfg");
  });

  test("can be entered without reading, and are then not verified", async () => {
    const { prompts, written } = await run({ acts: [...until, "Enter a JSON key", "a/b", "a.b", "Account", enter, enter, "Test", "Save it", "Write"] });
    expect(prompts.problems).toEqual(["Harness cannot read a key whose name holds a slash."]);
    expect([...written.values()][0]).toContain("value: cfg#a.b\n");
    expect(prompts.asked.at(-2)?.notes).toBe("cfg is there. Its JSON key a.b is not verified, because you have not allowed reading the vault's JSON keys.");
  });

  test("of a value that is no JSON are none", async () => {
    const { prompts } = await run({ keysAllowed: true, shape: { ok: true, value: { kind: "not-json" } }, acts: [...until, leave] });
    expect(prompts.asked.at(-1)?.labels?.[0]).toBe("The value has no JSON key that a path can name");
  });

  test("that no path can name are not said to be none", async () => {
    const { prompts } = await run({ keysAllowed: true, shape: { ok: true, value: { kind: "json", keys: [{ name: "a/b" }] } }, acts: [...until, leave] });
    expect(prompts.asked.at(-1)?.labels?.[0]).toBe("The value has no JSON key that a path can name");
  });
});

describe("the test", () => {
  const base: readonly Act[] = ["db-password", "Latest", "The whole", "Account", enter, enter, "Test"];
  const withKey: readonly Act[] = ["cfg", "Latest", "Enter a JSON key", "gone", "Account", enter, enter, "Test"];
  const version = { version: versionHex, enabled: true };

  test.each<[string, EntityOptions, readonly Act[], string, string]>([
    ["a secret that is gone", { versions: { ok: true, value: [] } }, base, "The vault shop-kv holds no secret db-password. Go back and choose another one, or create it in the vault first.", "Test it again"],
    ["a key that is not there", { keysAllowed: true }, withKey, "The JSON of cfg has no key gone. Go back and choose another one, or create it in the vault first.", "Test it again"],
    ["a value that is no JSON", { keysAllowed: true, shape: { ok: true, value: { kind: "not-json" } } }, withKey, "The value of cfg is no JSON, so Harness takes it whole and the key gone does nothing.", "Save it all the same"],
    ["a disabled version", { versions: { ok: true, value: [{ ...version, enabled: false }] } }, base, "The version of db-password is disabled, so Harness cannot read it. Enable it before a pipeline runs.", "Save it all the same"],
    ["an expired version", { versions: { ok: true, value: [{ ...version, expires: now - 1 }] } }, base, "The version of db-password has expired on 2026-11-23. Harness reads it all the same, but whoever checks it may refuse it.", "Save it all the same"],
    ["a version of later", { versions: { ok: true, value: [{ ...version, notBefore: now + 86_400_000 }] } }, base, "The version of db-password is not valid before 2026-11-25. Harness reads it all the same, but whoever checks it may refuse it.", "Save it all the same"],
    ["a vault that cannot be reached", { versions: { ok: false, reason: "offline" } }, base, "Not verified.", "Save it all the same"],
    ["a test that was cancelled", { versions: { ok: false, reason: "loading", cause: "cancelled" } }, base, "You cancelled the test, so nothing is known from it.", "Save it all the same"],
    ["keys that cannot be read", { keysAllowed: true, shape: forbidden }, withKey, "Not verified. The identity has no role on the vault that lets it read a secret's value.", "Save it all the same"],
    ["a vault that cannot be listed", { versions: forbidden }, base, "Not verified. The identity has no role on the vault that lets it list secrets.", "Save it all the same"],
    ["what works", {}, base, "The vault shop-kv holds db-password, and it is enabled.", "Go on"],
  ])("tells of %s", async (_what, options, acts, words, first) => {
    const { prompts, written } = await run({ ...options, acts: [...acts, leave] });
    expect(prompts.asked.at(-1)?.notes).toContain(words);
    expect(prompts.asked.at(-1)?.labels?.[0]).toBe(first);
    expect(written.size).toBe(0);
  });

  test("finds a first-level key whose own name has a dot, as Harness does", async () => {
    const { context } = entityScene({ keysAllowed: true, shape: { ok: true, value: { kind: "json", keys: [{ name: "a.b" }] } } });
    expect((await testReference(context, shopVault, { name: "cfg", jsonKeys: ["a", "b"] }, new AbortController().signal)).verdict).toBe("works");
    expect((await testReference(context, shopVault, { name: "cfg", jsonKeys: ["a", "c"] }, new AbortController().signal)).verdict).toBe("missing");
  });

  test.each(vectors.strings)("shows a hostile key as text: %j", async (text) => {
    const { context } = entityScene({ keysAllowed: true });
    const result = await testReference(context, shopVault, { name: "cfg", jsonKeys: [text] }, new AbortController().signal);
    expect(result.words[0]).toMatch(/^The JSON of cfg has no key /);
    expect(result.words.join(" ")).not.toMatch(/(?<!\\)\$\(|\]\(|[\u0000-\u001f]/);
  });

  test("is told whole behind the file", async () => {
    const { dialogs } = await run({ versions: { ok: true, value: [{ ...version, enabled: false }] }, acts: [...base, "Save it", "Write"] });
    expect(told(dialogs)).toBe(".harness/secrets/dbpassword.yaml is written. The version of db-password is disabled, so Harness cannot read it. Enable it before a pipeline runs.");
  });

  test("of a version that is gone says which", async () => {
    const { prompts } = await run({ acts: ["db-password", "Enter a version", "f".repeat(32), "The whole", "Account", enter, enter, "Test", leave] });
    expect(prompts.asked.at(-1)?.notes).toContain(`The secret db-password has no version ${"f".repeat(32)}.`);
  });

  test("is dropped where another secret is chosen", async () => {
    const { prompts } = await run({ acts: [...base, "Go on", back, back, back, back, back, back, back, "cfg", "Latest", "The whole", enter, enter, enter, leave] });
    expect(prompts.asked.at(-1)?.labels).toContain("Go on without a test");
  });
});

describe("name and identifier", () => {
  test("keep to Harness's rules and are free as far as the workspace knows", async () => {
    const known = [secretRow({ identifier: "taken" }), secretRow({ scope: { level: "org", org: "x" }, identifier: "free" })];
    const { prompts, written } = await run({ known, acts: ["db-password", "Latest", "The whole", "Account", "ü", "My db", "org", "1a", "taken", "free-1", "Go on without", "Write"] });
    expect(prompts.problems).toEqual([
      "A name has letters, digits, blanks, _, - and . only, and starts with no blank.",
      '"org" is a keyword of Harness. Choose another identifier.',
      "An identifier does not start with a digit or $.",
      "A secret of the workspace has this identifier in this scope. Choose another one.",
    ]);
    expect([...written.keys()]).toEqual(["file:///w/.harness/secrets/free-1.yaml"]);
  });
});

describe("Esc", () => {
  test.each(all.map((_act, index) => index))("at box %i writes nothing", async (index) => {
    const { written, dialogs } = await run({ acts: [...all.slice(0, index), leave] });
    expect(written.size).toBe(0);
    expect(told(dialogs)).toBeUndefined();
  });

  test("going back from the summary keeps the answers", async () => {
    const { written } = await run({ acts: [...all.slice(0, -1), back, back, "other", "Go on", "Write"] });
    expect([...written.keys()]).toEqual(["file:///w/.harness/secrets/other.yaml"]);
  });

  test("a file that is there is not touched without asking", async () => {
    const uri = "file:///w/.harness/secrets/dbpassword.yaml";
    const files = { [uri]: "a: 1\n" };
    expect((await run({ files, acts: [...all, leave] })).written.size).toBe(0);
    expect((await run({ files, acts: [...all, "Add the secret"] })).written.get(uri)).toMatch(/^a: 1\n---\nsecret:\n/);
  });
});

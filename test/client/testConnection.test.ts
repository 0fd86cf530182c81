/** Test Connection as a person meets it, over a scripted vault. */
import { describe, expect, test } from "vitest";
import { isFaultCause } from "../../client/src/azure/causeWords.ts";
import { accessCommand } from "../../client/src/connectors/accessCommand.ts";
import type { ConnectorSource } from "../../client/src/connectors/connectorSource.ts";
import { createConnectionTests } from "../../client/src/connectors/testConnection.ts";
import { createTestJournal } from "../../client/src/connectors/testJournal.ts";
import { createLeftOvers } from "../../client/src/connectors/testLeftOvers.ts";
import { createTestResults } from "../../client/src/connectors/testResults.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import type { LeftOver, ReadTest, VaultTestApi, WriteStep, WriteTest } from "../../server/src/vault/vaultTestApi.ts";
import { ManualClock, quiet } from "../vault/manualClock.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const clientId = "11111111-2222-3333-4444-666666666666";
const vault: VaultTarget = { name: "shop-kv", cloud: "public", tenant };
const name = "harness-test-0123456789abcdef";
const canary = "canary-4f1c9be07d5a";
const causes: readonly FaultCause[] = [
  "not-signed-in", "wrong-client-secret", "expired-client-secret", "certificate-refused", "certificate-unreadable", "unknown-application", "tenant-not-found",
  "wrong-tenant", "clock", "dns", "unreachable", "proxy", "tls", "firewall", "private-endpoint", "rbac", "access-policy", "vault-not-found", "throttled", "service-error",
];
const row: ConnectorRow = {
  key: "k", folder: "file:///w", scope: { level: "account" }, identifier: "shop_kv", name: "Shop", type: "AzureKeyVault", vault, settings: { clientId },
  uri: "file:///w/shop.yaml", range: { start: { line: 1, character: 2 }, end: { line: 1, character: 9 } }, secrets: [], references: [],
};

interface Script extends FakeAnswers {
  readonly read?: Outcome<ReadTest>;
  readonly write?: Outcome<WriteTest>;
  /** Which steps the write test tells. */
  readonly steps?: readonly WriteStep[];
  /** The write test ends as when the window is closed, before this step is done. */
  readonly killedAt?: WriteStep;
  readonly leftOvers?: Outcome<readonly LeftOver[]>;
  readonly remove?: Outcome<WriteTest>;
  readonly approved?: boolean;
  readonly trusted?: boolean;
  readonly credential?: CredentialChoice;
  readonly content?: Record<string, unknown>;
  readonly rows?: readonly ConnectorRow[];
}

class Killed extends Error {}

function world(script: Script = {}) {
  const dialogs = createFakeDialogs(script);
  const memento = createFakeStore(script.content);
  const clock = new ManualClock();
  const calls: string[] = [];
  const logged: string[] = [];
  const ran: string[] = [];
  const shown: string[] = [];
  const running = new Set<string>();
  const treeItem = {};
  const tests: VaultTestApi = {
    read: (_vault, signal) => {
      calls.push("read");
      return Promise.resolve(signal.aborted ? { ok: false, reason: "loading", cause: "cancelled" } : (script.read ?? { ok: true, value: { tenant, holdsSecrets: true } }));
    },
    write: async (_vault, run, onStep) => {
      calls.push(`write ${run.name}`);
      for (const step of script.steps ?? (["write", "delete", "purge", "done"] as const)) {
        await onStep(step);
        if (step === script.killedAt) throw new Killed(canary);
      }
      return script.write ?? { ok: true, value: {} };
    },
    leftOvers: () => {
      calls.push("leftOvers");
      return Promise.resolve(script.leftOvers ?? { ok: true, value: [] });
    },
    remove: (_vault, leftOver) => {
      calls.push(`remove ${leftOver.name}`);
      return Promise.resolve(script.remove ?? { ok: true, value: {} });
    },
  };
  const source: ConnectorSource = { rows: () => script.rows ?? [row], load: () => Promise.resolve(script.rows ?? [row]), of: (argument) => (argument === treeItem ? row : undefined) };
  const write = (line: string): void => {
    logged.push(line);
  };
  const log = { debug: write, info: write, warn: write, error: write };
  const journal = createTestJournal(memento, () => clock.now(), (run) => running.has(run));
  const results = createTestResults(memento);
  const isTrusted = (): boolean => script.trusted ?? true;
  const connection = createConnectionTests({
    source, dialogs, isTrusted, tests, results, journal, running, log,
    files: { show: (uri) => { shown.push(uri); return Promise.resolve(true); } },
    approve: () => Promise.resolve(script.approved ?? true),
    credentialOf: () => script.credential ?? { kind: "azure-cli" },
    directory: () => ({ subscriptions: [], vaults: [], freeNames: [], unknownTenants: [] }),
    newRun: () => ({ id: "run-1", name }),
    now: () => clock.now(),
    run: (command) => { ran.push(command); return Promise.resolve(); },
  });
  const leftOvers = createLeftOvers({
    dialogs, isTrusted, tests, journal, clock, log,
    isApproved: () => script.approved ?? true,
    approvedVaults: () => [vault],
    vaultOf: (argument) => (argument === treeItem ? vault : undefined),
  });
  return { dialogs, memento, clock, calls, logged, ran, shown, treeItem, connection, leftOvers, journal, results };
}

function told(dialogs: { readonly shown: readonly { readonly kind: string; readonly text: string }[] }): string {
  return dialogs.shown.filter(({ kind }) => kind === "tell" || kind === "offer").at(-1)?.text ?? "";
}

describe("the read test", () => {
  test("comes first, and alone where the person does not agree to more", async () => {
    const { connection, calls, dialogs, results, treeItem } = world();
    await connection.testConnection(treeItem);
    expect(calls).toEqual(["read"]);
    expect(told(dialogs)).toBe("Reading works: shop-kv answered and its secrets may be listed (as Azure CLI). Writing was not tested.");
    expect(results.get(vault)).toMatchObject({ read: "passed" });
    expect(results.get(vault)).not.toHaveProperty("write");
  });

  test.each(causes)("says what is wrong and what to do: %s", async (cause) => {
    const { connection, calls, dialogs, results, treeItem } = world({ read: { ok: false, reason: "service-error", cause } });
    await connection.testConnection(treeItem);
    expect(calls).toEqual(["read"]);
    const words = told(dialogs);
    expect(words).toMatch(/^Reading shop-kv failed \(as Azure CLI\)\. /);
    expect(words.length).toBeGreaterThan(90);
    expect(results.get(vault)?.read).toBe(cause);
  });

  test("has a text of its own for each cause, none of which names an identity or an address", async () => {
    const texts = new Set<string>();
    for (const cause of causes) {
      const { connection, dialogs, treeItem } = world({ read: { ok: false, reason: "service-error", cause }, credential: { kind: "client-secret", tenant, clientId } });
      await connection.testConnection(treeItem);
      texts.add(told(dialogs));
    }
    expect(texts.size).toBe(causes.length);
    for (const text of texts) expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|https?:/i);
  });

  test.each([
    ["firewall", true],
    ["rbac", true],
    ["dns", true],
    ["throttled", false],
  ] as const)("names the delegate where that may explain a difference: %s %s", async (cause, noted) => {
    const { connection, dialogs, treeItem } = world({ read: { ok: false, reason: "service-error", cause } });
    await connection.testConnection(treeItem);
    expect(told(dialogs).includes("Harness reaches the vault from a delegate")).toBe(noted);
  });

  test("offers what mends it", async () => {
    const signIn = world({ read: { ok: false, reason: "not-signed-in" }, offer: "Sign In…" });
    await signIn.connection.testConnection(signIn.treeItem);
    expect(signIn.ran).toEqual(["keyline.signIn"]);
    const yaml = world({ read: { ok: false, reason: "wrong-tenant" }, offer: "Show in YAML" });
    await yaml.connection.testConnection(yaml.treeItem);
    expect(yaml.shown).toEqual([row.uri]);
    const role = world({ read: { ok: false, reason: "forbidden", cause: "rbac" }, offer: "Copy Azure CLI Command", credential: { kind: "client-secret", tenant, clientId } });
    await role.connection.testConnection(role.treeItem);
    expect(role.dialogs.copied).toEqual([`az role assignment create --role "Key Vault Secrets User" --assignee ${clientId} --scope "$(az keyvault show --name shop-kv --query id --output tsv)"`]);
  });

  test("that is cancelled changes nothing", async () => {
    const { connection, results, dialogs, treeItem } = world({ cancel: true });
    await connection.testConnection(treeItem);
    expect(results.get(vault)).toBeUndefined();
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["progress"]);
  });
});

describe("the write test", () => {
  test("says before what Harness writes and what Keyline writes", async () => {
    const { connection, calls, dialogs, results, logged, memento, treeItem } = world({ confirm: true });
    await connection.testConnection(treeItem);
    const question = dialogs.shown.find(({ kind }) => kind === "confirm");
    expect(question?.text).toContain("harnessAzureVaultValidation");
    expect(question?.text).toContain(name);
    expect(question?.text).toContain("delegate");
    expect(calls).toEqual(["read", `write ${name}`]);
    expect(told(dialogs)).toBe("Reading and writing work: the test secret was written to shop-kv, deleted and purged (as Azure CLI).");
    expect(results.get(vault)).toMatchObject({ read: "passed", write: "passed" });
    expect(logged).toEqual([`Test Connection: write ${name} in shop-kv`, `Test Connection: delete ${name} in shop-kv`, `Test Connection: purge ${name} in shop-kv`]);
    expect(memento.content["keyline.testJournal"]).toEqual([]);
  });

  test.each([
    ["rbac", "Key Vault Secrets Officer"],
    ["access-policy", "permission set"],
  ] as const)("that is forbidden (%s) says that Harness's test will fail and reading works", async (cause, grant) => {
    const { connection, dialogs, results, treeItem } = world({ confirm: true, steps: ["write", "done"], write: { ok: true, value: { write: cause } } });
    await connection.testConnection(treeItem);
    expect(told(dialogs)).toContain("Reading shop-kv works, writing does not");
    expect(told(dialogs)).toContain("Harness's Test Connection will fail");
    expect(told(dialogs)).toContain(grant);
    expect(results.get(vault)).toMatchObject({ read: "passed", write: cause });
  });

  test("that leaves something says what and where", async () => {
    const stays = world({ confirm: true, steps: ["write", "delete"], write: { ok: true, value: { cleanUp: { step: "delete", cause: "rbac" } } } });
    await stays.connection.testConnection(stays.treeItem);
    expect(told(stays.dialogs)).toContain(`the test secret ${name} is still there in shop-kv`);
    expect(stays.memento.content["keyline.testJournal"]).toHaveLength(1);
    const kept = world({ confirm: true, steps: ["write", "delete", "purge"], write: { ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } } });
    await kept.connection.testConnection(kept.treeItem);
    expect(told(kept.dialogs)).toContain("stays until the vault's retention ends");
    expect(kept.memento.content["keyline.testJournal"]).toEqual([]);
  });

  test.each(causes)("has its words for %s", async (cause) => {
    const { connection, dialogs, treeItem } = world({ confirm: true, steps: ["write", "done"], write: { ok: true, value: { write: cause } } });
    await connection.testConnection(treeItem);
    expect(told(dialogs)).toMatch(/^Reading shop-kv works, writing does not \(as Azure CLI\)\. ./);
  });

  test("that is cancelled before it has written says so", async () => {
    const { connection, dialogs, treeItem } = world({ confirm: true, steps: [], write: { ok: false, reason: "loading", cause: "cancelled" } });
    await connection.testConnection(treeItem);
    expect(told(dialogs)).toBe("Cancelled: nothing was written to shop-kv.");
  });
});

describe("nothing happens", () => {
  test.each([
    ["in Restricted Mode", { trusted: false, confirm: true }],
    ["for a vault that the person does not approve", { approved: false, confirm: true }],
    ["where no connector names a vault", { rows: [] }],
  ])("%s", async (_when, script) => {
    const { connection, calls } = world(script);
    await connection.testConnection(undefined);
    expect(calls).toEqual([]);
  });

  test("T28: for what another extension passes", async () => {
    const { connection, calls, dialogs } = world({ confirm: true });
    await connection.testConnection({ vault: { name: "evil-kv", cloud: "public" }, confirmed: true });
    expect(calls).toEqual([]);
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["pick"]);
  });

  test("for a second start while a test of the vault runs", async () => {
    const { connection, calls, dialogs, treeItem } = world();
    await Promise.all([connection.testConnection(treeItem), connection.testConnection(treeItem)]);
    expect(calls).toEqual(["read"]);
    expect(dialogs.shown.some(({ text }) => text.includes("is running"))).toBe(true);
  });
});

describe("R13: a window that is closed in the middle", () => {
  const steps: readonly WriteStep[] = ["write", "delete", "purge"];

  test.each(steps)("at the step %s is told at the next start, and its secret is offered for removal", async (killedAt) => {
    const before = world({ confirm: true, killedAt });
    await expect(before.connection.testConnection(before.treeItem)).rejects.toThrow(Killed);
    const entries = before.memento.content["keyline.testJournal"] as readonly { readonly step: string }[];
    expect(entries.map(({ step }) => step)).toEqual([killedAt]);
    expect(JSON.stringify(before.memento.content)).not.toContain(canary);
    const after = world({ content: before.memento.content, offer: "Remove…", leftOvers: { ok: true, value: [{ name, run: "run-1", deleted: killedAt === "purge" }] }, some: (labels) => labels, decide: "Remove" });
    // Another window might be at it still: nothing is told before the run must have ended.
    after.leftOvers.tellInterrupted();
    expect(after.dialogs.shown).toEqual([]);
    await after.clock.advance(361_000);
    await quiet();
    expect(after.calls).toEqual(["leftOvers", `remove ${name}`]);
    expect(after.memento.content["keyline.testJournal"]).toEqual([]);
    expect(after.dialogs.shown[0]).toEqual({ kind: "offer", text: `A connection test of shop-kv was interrupted. Its test secret ${name} may still be there.`, choices: ["Remove…", "Later"] });
  });

  const entry = (step: string, at: number) => ({ run: "run-1", vault, name, step, at });

  test.each([
    ["at once where it is old", [entry("delete", 0)], 1],
    ["not for the end of a run", [entry("done", 0)], 0],
    ["not for what is no entry", [null, 7, { ...entry("write", 0), name: "db-password" }, { ...entry("write", 0), vault: { name: "-" } }], 0],
  ])("is told %s", async (_when, entries, count) => {
    const { leftOvers, dialogs, calls } = world({ content: { "keyline.testJournal": entries } });
    leftOvers.tellInterrupted();
    leftOvers.tellInterrupted();
    await quiet();
    expect(dialogs.shown).toHaveLength(count);
    expect(calls).toEqual([]);
  });

  test("is not told for a vault whose approval was withdrawn, nor in Restricted Mode", () => {
    for (const script of [{ approved: false }, { trusted: false }]) {
      const { leftOvers, dialogs } = world({ ...script, content: { "keyline.testJournal": [entry("write", 0)] } });
      leftOvers.tellInterrupted();
      expect(dialogs.shown).toEqual([]);
    }
  });
});

describe("Remove Left-over Test Secrets", () => {
  const found: Outcome<readonly LeftOver[]> = { ok: true, value: [{ name, run: "r", deleted: false }, { name: "harness-test-00000000000000bb", run: "r", deleted: true }] };

  test("removes what the person has chosen and confirmed", async () => {
    const { leftOvers, calls, dialogs, logged, treeItem } = world({ leftOvers: found, some: (labels) => labels.slice(0, 1), decide: "Remove" });
    await leftOvers.removeTestSecrets(treeItem);
    expect(calls).toEqual(["leftOvers", `remove ${name}`]);
    expect(dialogs.shown.find(({ kind }) => kind === "decide")?.text).toContain(name);
    expect(told(dialogs)).toBe("1 test secret removed from shop-kv.");
    expect(logged).toEqual([`Remove test secret: ${name} in shop-kv`]);
  });

  test("T35: removes nothing without the confirmation", async () => {
    for (const script of [{ some: (labels: readonly string[]) => labels, decide: "Keep" }, { decide: "Remove" }, { some: () => [], decide: "Remove" }]) {
      const { leftOvers, calls, treeItem } = world({ leftOvers: found, ...script });
      await leftOvers.removeTestSecrets(treeItem);
      expect(calls).toEqual(["leftOvers"]);
    }
  });

  test("says what stays and why", async () => {
    const { leftOvers, dialogs, treeItem } = world({ leftOvers: found, some: (labels) => labels, decide: "Remove", remove: { ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } } });
    await leftOvers.removeTestSecrets(treeItem);
    expect(told(dialogs)).toMatch(/^No test secret was removed from shop-kv\. harness-test-0123456789abcdef: The vault is protected/);
  });

  test("says when there is nothing, and why it cannot look", async () => {
    const none = world();
    await none.leftOvers.removeTestSecrets(none.treeItem);
    expect(told(none.dialogs)).toBe("shop-kv holds no test secret of Keyline's.");
    const forbidden = world({ leftOvers: { ok: false, reason: "forbidden", cause: "rbac" } });
    await forbidden.leftOvers.removeTestSecrets(forbidden.treeItem);
    expect(told(forbidden.dialogs)).toContain("could not be listed");
  });

  test("does nothing in Restricted Mode, or for a vault that is not approved", async () => {
    for (const script of [{ trusted: false }, { approved: false }]) {
      const { leftOvers, calls, treeItem } = world(script);
      await leftOvers.removeTestSecrets(treeItem);
      expect(calls).toEqual([]);
    }
  });
});

test("results that another hand has written are taken only where they are whole", () => {
  const whole = { vault, at: 7, read: "passed", write: "rbac" };
  const { results } = world({ content: { "keyline.testResults": [null, { vault, at: "x", read: "passed" }, { vault: { name: "-", cloud: "public" }, at: 1, read: "passed" }, whole] } });
  expect(results.get(vault)).toEqual(whole);
  expect(world({ content: { "keyline.testResults": "garbage" } }).results.get(vault)).toBeUndefined();
  expect(["passed", "toString", "rbac"].map(isFaultCause)).toEqual([false, false, true]);
});

describe("the command that mends a missing right", () => {
  const nobody: CredentialChoice = { kind: "azure-cli" };
  const directory = { subscriptions: [], vaults: [{ name: "shop-kv", cloud: "public" as const, subscription: tenant, resourceGroup: "rg-shop", location: "", tenant, rbac: true, purgeProtection: false, publicAccess: true }], freeNames: [], unknownTenants: [] };

  test("names the vault's resource id where it is known", () => {
    expect(accessCommand("rbac", "write", vault, nobody, directory)).toBe(`az role assignment create --role "Key Vault Secrets Officer" --assignee "<user or object ID>" --scope "/subscriptions/${tenant}/resourceGroups/rg-shop/providers/Microsoft.KeyVault/vaults/shop-kv"`);
    expect(accessCommand("access-policy", "read", vault, { kind: "managed-identity", clientId }, directory)).toBe(`az keyvault set-policy --name shop-kv --spn ${clientId} --secret-permissions get list`);
  });

  test("holds no name that is none", () => {
    expect(accessCommand("rbac", "read", { name: "x; rm -rf ~", cloud: "public" }, nobody, directory)).toBeUndefined();
    const hostile = { ...directory, vaults: directory.vaults.map((one) => ({ ...one, resourceGroup: 'x"; rm -rf ~; "' })) };
    expect(accessCommand("rbac", "read", vault, nobody, hostile)).toContain("az keyvault show --name shop-kv");
    expect(accessCommand("firewall", "read", vault, nobody, directory)).toBeUndefined();
  });
});

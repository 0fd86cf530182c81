import { describe, expect, test } from "vitest";
import { delegateNote } from "../../client/src/azure/causeWords.ts";
import { restrictedMessage } from "../../client/src/azure/approvalCommands.ts";
import { testConnection } from "../../client/src/connectors/testConnection.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Scene, SceneOptions } from "./testScene.ts";
import { clientId, connectorRow, shop, tenant, testScene, treeItem } from "./testScene.ts";

const own: CredentialChoice = { kind: "client-secret", tenant, clientId };
const guidOrAddress = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{1,3}(?:\.\d{1,3}){3}/i;

async function run(options: SceneOptions = {}): Promise<Scene> {
  const scene = await testScene(options);
  await testConnection(scene.context, treeItem);
  return scene;
}

function failedRead(cause: FaultCause): SceneOptions {
  return { read: { ok: false, reason: "service-error", cause } };
}

function refusedWrite(cause: FaultCause): SceneOptions {
  return { confirm: true, refuseWrite: cause };
}

/** For each cause the buttons behind a failed read, then behind a failed write; `cancelled` has its own tests. */
const buttons: Readonly<Record<Exclude<FaultCause, "cancelled">, readonly [string, string]>> = {
  "not-signed-in": ["Sign In…, Choose Credential…, Show Log", "Sign In…, Choose Credential…, Show Log"],
  "wrong-client-secret": ["Choose Credential…, Show secretKey", "Choose Credential…, Show secretKey"],
  "expired-client-secret": ["Choose Credential…, Show secretKey", "Choose Credential…, Show secretKey"],
  "certificate-refused": ["Choose Credential…", "Choose Credential…"],
  "certificate-unreadable": ["Choose Credential…", "Choose Credential…"],
  "unknown-application": ["Choose Credential…, Show clientId", "Choose Credential…, Show clientId"],
  "credential-refused": ["Choose Credential…, Sign In…, Show Log", "Choose Credential…, Sign In…, Show Log"],
  "tenant-not-found": ["Show tenantId, Choose Credential…", "Show tenantId, Choose Credential…"],
  "wrong-tenant": ["Show tenantId, Sign In…, Choose Credential…", "Show tenantId, Sign In…, Choose Credential…"],
  clock: ["Test Again, Show Log", "Test Again, Show Log"],
  dns: ["Show vaultName, Test Again", "Show vaultName, Test Again"],
  unreachable: ["Test Again, Show Log", "Test Again, Show Log"],
  proxy: ["Test Again, Show Log", "Test Again, Show Log"],
  tls: ["Test Again, Show Log", "Test Again, Show Log"],
  firewall: ["Test Again", "Test Again"],
  "private-endpoint": ["Test Again", "Test Again"],
  rbac: ["Copy Role Command, Choose Credential…, Test Again", "Copy Role Command, Choose Credential…, Test Again"],
  "access-policy": ["Copy Policy Command, Choose Credential…, Test Again", "Copy Policy Command, Choose Credential…, Test Again"],
  forbidden: ["Choose Credential…, Show Log", "Choose Credential…, Show Log"],
  "no-reader-role": ["Choose Credential…", "Choose Credential…"],
  "subscription-not-found": ["Show subscription", "Show subscription"],
  "vault-not-found": ["Show vaultName", "Show vaultName"],
  "secret-not-found": ["Test Again, Show Log", "Test Again, Show Log"],
  "secret-disabled": ["Test Again, Show Log", "Test Again, Show Log"],
  throttled: ["Test Again", "Test Again"],
  "service-error": ["Test Again, Show Log", "Test Again, Show Log"],
  "purge-protection": ["Show enablePurge", "Show enablePurge"],
  "deletion-pending": ["", ""],
};
const causes = Object.keys(buttons) as (keyof typeof buttons)[];

describe("every cause", () => {
  test.each(causes)("%s has its own words and buttons, for reading and for writing", async (cause) => {
    const [ofRead, ofWrite] = buttons[cause];
    const read = await run({ ...failedRead(cause), credential: own });
    expect(read.end().text).toMatch(/^Vault shop-vault: reading failed\. /);
    expect(read.end().choices.join(", ")).toBe(ofRead);
    expect(read.tests.requests).toEqual(["read shop-vault"]);
    expect(read.context.results.get(shop)).toMatchObject({ read: cause });
    const write = await run({ ...refusedWrite(cause), credential: own });
    expect(write.end().text).toMatch(/^Vault shop-vault: (?:reading works, writing failed\. |Harness's Test Connection will fail; reading secrets works\. )/);
    expect(write.end().choices.join(", ")).toBe(ofWrite);
    expect(write.context.results.get(shop)).toMatchObject({ read: "passed", write: cause });
    for (const { text } of [read.end(), write.end()]) {
      expect(text).toContain("Tested with the connector's own application, with a client secret.");
      // Longer ones VS Code cuts.
      expect(text.length).toBeLessThan(1000);
    }
  });

  test("no two of them say the same", async () => {
    const texts: string[] = [];
    for (const cause of causes) {
      texts.push((await run(failedRead(cause))).end().text, (await run(refusedWrite(cause))).end().text);
    }
    expect(texts).toHaveLength(56);
    expect(new Set(texts).size).toBe(56);
  });

  test("none shows an ID or an address in a notification, in the log or in a progress", async () => {
    for (const cause of causes) {
      for (const options of [failedRead(cause), refusedWrite(cause)]) {
        for (const offer of ["Copy Role Command", "Copy Policy Command"]) {
          const { dialogs, logged } = await run({ ...options, offer });
          const notifications = dialogs.shown.filter(({ kind }) => kind !== "confirm");
          for (const text of [...notifications.flatMap((shown) => [shown.text, ...shown.choices]), ...dialogs.reported, ...logged]) expect(text).not.toMatch(guidOrAddress);
        }
      }
    }
  });

  test.each([
    ["forbidden", "Azure refuses this"],
    ["credential-refused", "Entra refuses the credential"],
    ["offline", "No connection from this machine"],
    ["network-blocked", "answered with an error"],
    ["tls", "not trusted on this machine"],
  ] as const)("a failure of reason %s without a cause is worded too", async (reason, words) => {
    const { end } = await run({ read: { ok: false, reason } });
    expect(end().text).toContain(words);
  });

  test("that may differ at the delegate says so, and only there", async () => {
    const differs = async (cause: FaultCause, credential?: CredentialChoice) => (await run({ ...failedRead(cause), ...(credential === undefined ? {} : { credential }) })).end().text.includes(delegateNote);
    for (const cause of ["dns", "firewall", "private-endpoint", "proxy", "tls", "clock", "unreachable"] as const) expect(await differs(cause, own)).toBe(true);
    expect(await differs("rbac")).toBe(true);
    expect(await differs("rbac", own)).toBe(false);
    for (const cause of ["vault-not-found", "tenant-not-found", "throttled"] as const) expect(await differs(cause)).toBe(false);
  });
});

describe("outcomes", () => {
  test("both passed: written with a random name, deleted, purged, and told", async () => {
    const { tests, end, dialogs, context, store, logged, clock } = await run({ confirm: true });
    const [, , put = ""] = tests.requests;
    const name = put.split(" ")[2] ?? "";
    expect(name).toMatch(/^harness-test-[0-9a-f]{16}$/);
    expect(tests.requests).toEqual(["read shop-vault", "read shop-vault", `PUT shop-vault ${name}`, `DELETE shop-vault ${name}`, `purge shop-vault ${name}`]);
    expect(tests.secrets.size).toBe(0);
    expect(end().text).toBe(`Vault shop-vault: Test Connection passed. Reading and writing work, and the test secret is removed again. Tested with VS Code's Microsoft account. ${delegateNote}`);
    expect(end().choices).toEqual([]);
    expect(dialogs.reported).toEqual(["reading", "writing", "writing", "deleting", "purging", "done"]);
    expect(context.results.get(shop)).toEqual({ vault: shop, at: clock.now(), read: "passed", write: "passed" });
    expect(store.content["keyline.testJournal"]).toEqual([]);
    expect(logged).toEqual([
      "Test Connection, read: vault shop-vault, passed.",
      ...["write", "delete", "purge", "done"].map((step) => `Test Connection, ${step}: vault shop-vault, secret ${name}.`),
      `Test Connection, ended: vault shop-vault, secret ${name}, write passed, clean-up complete.`,
    ]);
    expect(clock.timers).toBe(0);
  });

  test("the modal before writing says what Harness's test does, what ours does, where and as whom", async () => {
    const { dialogs, tests, end, context } = await run({ confirm: false });
    const modal = dialogs.shown.find(({ kind }) => kind === "confirm")?.text ?? "";
    for (const words of ["harnessAzureVaultValidation with the value true", "expires in 1 hour, and Harness does not delete it", "harness-test- and 16 digits", "createdBy=keyline", "purged where the vault allows", `Vault: shop-vault\nCloud: Azure\nTenant: ${tenant}\nIdentity: VS Code's Microsoft account`]) {
      expect(modal).toContain(words);
    }
    expect(tests.requests).toEqual(["read shop-vault"]);
    expect(end().text).toContain("reading works. Writing was not tested, so it stays open whether Harness's Test Connection passes. Tested with");
    expect(context.results.get(shop)).toEqual({ vault: shop, at: expect.any(Number) as number, read: "passed" });
  });

  test("reading works and writing is forbidden", async () => {
    const others = await run(refusedWrite("rbac"));
    expect(others.end().text).toContain("with the rights of this identity, Harness's Test Connection will fail; reading secrets works. The identity has no role on the vault that lets it write secrets. Ask for the role Key Vault Secrets Officer on the vault.");
    const policy = await run({ ...refusedWrite("access-policy"), credential: own });
    expect(policy.end().text).toContain("Harness's Test Connection will fail; reading secrets works. The vault's access policies do not let this identity set secrets. Ask for the secret permissions set and delete");
    expect(policy.tests.secrets.size).toBe(0);
    expect(policy.store.content["keyline.testJournal"]).toEqual([]);
  });

  test.each([
    ["delete", "rbac", "could not be deleted. It expires an hour after it was written, and stays in the vault until somebody deletes it. The identity has no role on the vault that lets it delete secrets.", ["Copy Role Command", "Choose Credential…", "Remove…"]],
    ["delete", "unreachable", "could not be deleted.", ["Show Log", "Remove…"]],
    ["purge", "access-policy", "is deleted but could not be purged, so it is kept until its retention ends. The vault's access policies do not let this identity purge deleted secrets.", ["Copy Policy Command", "Choose Credential…", "Remove…"]],
    ["purge", "deletion-pending", "is deleted but could not be purged, so it is kept until its retention ends. Azure has not finished deleting", ["Remove…"]],
  ] as const)("written, but the %s stops by %s", async (step, cause, words, choices) => {
    const { end, context, tests, store } = await run({ confirm: true, refuseCleanUp: { step, cause } });
    const [name = ""] = tests.secrets.keys();
    expect(end().text).toContain(`reading and writing work, but the test secret ${name} ${words}`);
    expect(end().choices).toEqual(choices);
    expect(context.results.get(shop)?.write).toBe("passed");
    expect(store.content["keyline.testJournal"]).toEqual([]);
  });

  test("purge protection: named, kept until its retention ends, and the connector's enablePurge is mentioned where it is on", async () => {
    const refuseCleanUp = { step: "purge", cause: "purge-protection" } as const;
    const off = await run({ confirm: true, refuseCleanUp });
    const [name = ""] = off.tests.secrets.keys();
    expect(off.end().text).toContain(`Test Connection passed. Reading and writing work, and the test secret ${name} is deleted. The vault has purge protection, so it is kept until its retention ends. Tested`);
    expect(off.end().choices).toEqual([]);
    const row = connectorRow({ settings: { clientId, enablePurge: true } });
    const on = await run({ confirm: true, refuseCleanUp, row });
    expect(on.end().text).toContain("Set enablePurge: false in the connector");
    expect(on.end().choices).toEqual(["Show enablePurge"]);
    const seen = await run({ row, read: { ok: true, value: { tenant, holdsSecrets: true, purgeProtected: true } } });
    expect(seen.end().text).toContain("Set enablePurge: false in the connector");
  });

  test("an empty vault is said to list none", async () => {
    expect((await run({ read: { ok: true, value: { tenant, holdsSecrets: false } } })).end().text).toContain("reading works, though it lists no secret yet.");
  });

  test.each(["write", "delete"] as const)("an answer that is lost at %s leaves the secret in doubt, and offers to remove it", async (loseAt) => {
    const { end, tests } = await run({ confirm: true, loseAt });
    const name = tests.requests.find((request) => request.startsWith("PUT"))?.split(" ")[2] ?? "";
    expect(end().text).toContain(`reading works, writing failed. No connection from this machine came about in time. Check the network, the VPN and the proxy, then try again. It is not known whether the test secret ${name} is still there.`);
    expect(end().choices).toEqual(["Remove…", "Test Again", "Show Log"]);
  });

  test("a write test that fails before it writes says so without a secret", async () => {
    const { end, store } = await run({ confirm: true, failWrite: { ok: false, reason: "network-blocked", cause: "firewall" } });
    expect(end().text).toContain("reading works, writing failed. The vault's firewall");
    expect(end().text).not.toContain("harness-test-");
    expect(store.content["keyline.testJournal"]).toBeUndefined();
  });
});

describe("cancelled", () => {
  test("while reading: nothing is written, no result is kept", async () => {
    const { end, tests, context } = await run({ cancel: true, confirm: true });
    expect(end()).toMatchObject({ text: "Vault shop-vault: you cancelled the test while it was reading. Nothing was written.", choices: ["Test Again"] });
    expect(tests.requests).toEqual(["read shop-vault"]);
    expect(context.results.get(shop)).toBeUndefined();
  });

  test("before the first write: nothing is written", async () => {
    let progresses = 0;
    const signal = () => (++progresses === 2 ? AbortSignal.abort() : new AbortController().signal);
    const { end, tests, context, store } = await run({ confirm: true, signal });
    expect(end()).toMatchObject({ text: "Vault shop-vault: reading works; you cancelled before anything was written.", choices: ["Test Again"] });
    expect(tests.requests).toEqual(["read shop-vault", "read shop-vault"]);
    expect(context.results.get(shop)).toEqual({ vault: shop, at: expect.any(Number) as number, read: "passed" });
    expect(store.content["keyline.testJournal"]).toEqual([]);
  });

  test("after it: the clean-up goes on and says so", async () => {
    const controller = new AbortController();
    let progresses = 0;
    const { end, tests, dialogs } = await run({
      confirm: true,
      signal: () => (++progresses === 2 ? controller.signal : new AbortController().signal),
      point: (label) => {
        if (label === "after PUT") controller.abort();
        return Promise.resolve();
      },
    });
    expect(tests.secrets.size).toBe(0);
    expect(dialogs.reported).toContain("removing the test secret before it ends");
    expect(end().text).toContain("Test Connection passed");
  });

  test("at the choice of the connector, and at the approval: nothing is asked", async () => {
    const chosen = await testScene({ rows: [connectorRow(), connectorRow({ key: "other" })] });
    await testConnection(chosen.context, undefined);
    expect(chosen.dialogs.shown.map(({ kind }) => kind)).toEqual(["pick"]);
    const approval = await run({ approved: [], confirm: false });
    expect(approval.dialogs.shown.map(({ kind }) => kind)).toEqual(["confirm"]);
    expect([...chosen.tests.requests, ...approval.tests.requests]).toEqual([]);
  });
});

describe("which connector", () => {
  const other = connectorRow({ key: "other", identifier: "other", uri: "file:///shop/other.yaml", vault: { name: "other-vault", cloud: "public" } });

  test("the active file's", async () => {
    const { context, tests, dialogs } = await testScene({ rows: [connectorRow(), other], activeUri: other.uri, approved: [shop, { name: "other-vault", cloud: "public" }] });
    await testConnection(context, undefined);
    expect(dialogs.shown.filter(({ kind }) => kind === "pick")).toEqual([]);
    expect(tests.requests).toEqual(["read other-vault"]);
  });

  test("the one picked where the active file names none or several", async () => {
    const rows = [connectorRow(), other, connectorRow({ key: "third", identifier: "third" }), connectorRow({ key: "hashi", identifier: "hashi", type: "Vault" })];
    const none = await testScene({ rows, activeUri: "file:///shop/pipeline.yaml", pick: "azureKv" });
    await testConnection(none.context, undefined);
    expect(none.dialogs.shown[0]).toEqual({ kind: "pick", text: "Test which connector?", choices: ["azureKv", "other", "third"] });
    expect(none.tests.requests).toEqual(["read shop-vault"]);
    const several = await testScene({ rows, activeUri: connectorRow().uri });
    await testConnection(several.context, undefined);
    expect(several.dialogs.shown[0]?.choices).toEqual(["azureKv", "third"]);
  });

  test("none: says what to do", async () => {
    const { context, dialogs } = await testScene({ rows: [] });
    await testConnection(context, undefined);
    expect(dialogs.shown[0]?.text).toContain("New Azure Key Vault Connector");
  });

  test("one without a vault, one whose vault name is none, and one of another kind say so and call nothing", async () => {
    const { vault: _vault, ...bare } = connectorRow({ settings: {} });
    const without = await run({ row: bare, offer: "Show in File" });
    expect(without.end()).toMatchObject({ text: "The connector names no vault in a way that can be read from its file. Write vaultName, then test again.", choices: ["Show in File"] });
    expect(without.places).toEqual(["file:///shop/connector.yaml 1:14-22"]);
    const misnamed = await run({ row: connectorRow({ vault: { name: "https://evil.example", cloud: "public" } }) });
    expect(misnamed.end().text).toContain("is no name of a vault");
    const { vault: _other, ...hashi } = connectorRow({ type: "Vault" });
    expect((await run({ row: hashi })).end().text).toContain("Azure Key Vault connectors alone");
    expect([...without.tests.requests, ...misnamed.tests.requests]).toEqual([]);
  });
});

describe("consent", () => {
  test("an unapproved vault is approved in the modal that names vault and tenant, then tested", async () => {
    const { dialogs, tests, approvals } = await run({ approved: [], confirm: [true, false] });
    expect(dialogs.shown[0]?.text).toContain(`Let Keyline read from the vault shop-vault?\nVault: shop-vault\nCloud: Azure\nTenant: ${tenant}`);
    expect(approvals.isApproved(shop)).toBe(true);
    expect(tests.requests).toEqual(["read shop-vault"]);
  });

  test("in Restricted Mode the handler refuses, without any dialog or request", async () => {
    const { dialogs, tests } = await run({ trusted: () => false, confirm: true });
    expect(dialogs.shown).toEqual([{ kind: "tell", text: restrictedMessage, choices: [] }]);
    expect(tests.requests).toEqual([]);
  });

  test("nothing is written where trust or the approval has gone while the modal was open", async () => {
    let asked = 0;
    const untrusted = await run({ confirm: true, trusted: () => ++asked < 3 });
    expect(untrusted.tests.requests).toEqual(["read shop-vault"]);
    const scene = await testScene({ confirm: true });
    const confirm = scene.dialogs.confirm.bind(scene.dialogs);
    const dialogs = {
      ...scene.context.dialogs,
      confirm: async (...texts: Parameters<typeof confirm>) => {
        await scene.approvals.withdraw(shop);
        return confirm(...texts);
      },
    };
    await testConnection({ ...scene.context, dialogs }, treeItem);
    expect(scene.tests.requests).toEqual(["read shop-vault"]);
  });

  test.each([
    { argument: { row: connectorRow(), confirmed: true } },
    { argument: { vault: shop, name: "attacker", write: true } },
    { argument: "shop-vault" },
    { argument: ["shop-vault"] },
    { argument: null },
    { argument: { ...treeItem } },
  ])("a made-up argument (%#) is no connector and no consent", async ({ argument }) => {
    const { context, tests, dialogs } = await testScene({ rows: [connectorRow(), connectorRow({ key: "other" })], confirm: true });
    await expect(testConnection(context, argument)).resolves.toBeUndefined();
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["pick"]);
    expect(tests.requests).toEqual([]);
  });

  test("two quick starts on one vault are one test; when it has ended there may be another", async () => {
    const { context, tests, dialogs } = await testScene({ confirm: true });
    await Promise.all([testConnection(context, treeItem), testConnection(context, treeItem)]);
    expect(tests.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(1);
    expect(dialogs.shown.filter(({ kind }) => kind === "tell").map(({ text }) => text)).toEqual(["The vault shop-vault is being tested or cleaned up already. Wait until that has ended."]);
    await testConnection(context, treeItem);
    expect(tests.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(2);
  });

  test("fifty tests make fifty names and leave none", async () => {
    const { context, tests } = await testScene({ confirm: true });
    for (let run = 0; run < 50; run++) await testConnection(context, treeItem);
    expect(new Set(tests.requests.filter((request) => request.startsWith("PUT"))).size).toBe(50);
    expect(tests.secrets.size).toBe(0);
  });
});

describe("mending", () => {
  const text = "connector:\n  identifier: azureKv\n  type: AzureKeyVault\n  spec:\n    tenantId: abc # comment\n    vaultName: shop-vault\n---\nconnector:\n  spec:\n    vaultName: other\n";

  test("opens the file at the field concerned", async () => {
    const tenantField = await run({ ...failedRead("wrong-tenant"), offer: "Show tenantId", text });
    expect(tenantField.places).toEqual(["file:///shop/connector.yaml 4:14-27"]);
    const vault = await run({ ...failedRead("vault-not-found"), offer: "Show vaultName", text });
    expect(vault.places).toEqual(["file:///shop/connector.yaml 5:15-25"]);
    const missing = await run({ ...failedRead("vault-not-found"), offer: "Show vaultName" });
    expect(missing.places).toEqual(["file:///shop/connector.yaml 1:14-22"]);
    const json = await run({ ...failedRead("vault-not-found"), offer: "Show vaultName", text, row: connectorRow({ uri: "file:///shop/keyline.jsonc" }) });
    expect(json.places).toEqual(["file:///shop/keyline.jsonc 1:14-22"]);
  });

  test("runs the commands that sign in and show the log", async () => {
    expect((await run({ ...failedRead("not-signed-in"), offer: "Sign In…" })).commands).toEqual(["keyline.signIn"]);
    expect((await run({ ...failedRead("tls"), offer: "Show Log" })).commands).toEqual(["keyline.showLog"]);
  });

  test("chooses another credential for this vault, then tests again with it", async () => {
    const scene = await run({ ...failedRead("rbac"), offer: ["Choose Credential…"], choose: { kind: "azure-cli" } });
    expect(scene.asked).toEqual([{ title: "Credential for vault shop-vault on this machine", cloud: "public", tenant, clientId, current: { kind: "vscode" }, mayTry: true }]);
    expect(scene.remembered).toEqual([{ kind: "azure-cli" }]);
    expect(scene.tests.requests).toEqual(["read shop-vault", "read shop-vault"]);
    expect(scene.end().text).toContain("Tested with the Azure CLI's account.");
    const left = await run({ ...failedRead("rbac"), offer: "Choose Credential…" });
    expect(left.tests.requests).toEqual(["read shop-vault"]);
  });

  test("tests again with what the file says now", async () => {
    const scene = await testScene({ ...failedRead("throttled"), offer: ["Test Again"], rows: [connectorRow({ vault: { name: "new-vault", cloud: "public" } })], approved: [shop, { name: "new-vault", cloud: "public" }] });
    await testConnection(scene.context, treeItem);
    expect(scene.tests.requests).toEqual(["read shop-vault", "read new-vault"]);
  });

  test("copies the role's command, and says for whom it is", async () => {
    const { dialogs, end } = await run({ ...failedRead("rbac"), credential: own, offer: "Copy Role Command" });
    expect(dialogs.copied).toEqual([`az role assignment create --role "Key Vault Secrets User" --assignee ${clientId} --scope "$(az keyvault show --name shop-vault --query id --output tsv)"`]);
    expect(end().text).toBe("Copied. The command gives the role Key Vault Secrets User on the vault shop-vault to the connector's own identity.");
  });

  test("offers no command where no client ID is known", async () => {
    const { end } = await run({ ...failedRead("rbac"), row: connectorRow({ settings: {} }) });
    expect(end().choices).toEqual(["Choose Credential…", "Test Again"]);
  });

  test("removes what is left over", async () => {
    const scene = await testScene({ confirm: true, refuseCleanUp: { step: "delete", cause: "unreachable" }, offer: "Remove…", decide: "Remove" });
    const pickMany = scene.dialogs.pickMany.bind(scene.dialogs);
    const dialogs = { ...scene.context.dialogs, pickMany: async <T>(title: string, choices: Parameters<typeof pickMany<T>>[1]) => (await pickMany(title, choices), choices.map(({ value }) => value)) };
    await testConnection({ ...scene.context, dialogs }, treeItem);
    expect(scene.tests.secrets.size).toBe(0);
    expect(scene.end().text).toBe("Vault shop-vault: 1 test secret removed.");
  });
});

test("what a vault answers beyond our words appears nowhere", async () => {
  const canary = "demo value canary";
  const answer = { ok: true, value: { tenant, holdsSecrets: true, value: canary, name: canary } } as const;
  const failure = { ok: false, reason: "forbidden", cause: "rbac", message: canary, secret: canary } as const;
  const left = { ok: true, value: [{ name: canary, run: canary, deleted: false }] } as const;
  for (const options of [{ read: answer, confirm: true }, { read: failure }, { read: answer, confirm: true, failWrite: failure }, { read: answer, confirm: true, loseAt: "delete", offer: "Remove…", leftOvers: left }] satisfies SceneOptions[]) {
    const scene = await run(options);
    const everything = JSON.stringify([scene.dialogs.shown, scene.dialogs.reported, scene.dialogs.copied, scene.dialogs.opened, scene.logged, scene.store.content, scene.commands]);
    expect(everything).toContain("shop-vault");
    expect(everything).not.toContain(canary);
  }
});

test("an API that breaks its promise and throws ends the turn and stops the beats", async () => {
  const scene = await testScene({ confirm: true });
  const tests = { ...scene.tests, write: () => Promise.reject(new Error("demo value")) };
  await expect(testConnection({ ...scene.context, tests }, treeItem)).rejects.toThrow();
  expect(scene.clock.timers).toBe(0);
  await testConnection(scene.context, treeItem);
  expect(scene.end().text).toContain("Test Connection passed");
});

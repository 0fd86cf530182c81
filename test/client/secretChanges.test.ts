/** New versions, attributes, enabling and disabling. */
import { describe, expect, test } from "vitest";
import { restrictedMessage } from "../../client/src/azure/approvalCommands.ts";
import { registerSecretCommands } from "../../client/src/secrets/secretCommands.ts";
import { fakeVersion } from "./fakeVaultWrites.ts";
import type { Act } from "./scriptedPrompts.ts";
import { enter, leave } from "./scriptedPrompts.ts";
import type { SecretSceneOptions } from "./secretScene.ts";
import { canary, db, dbItem, oldVersionItem, secretScene, shop, useOf, vaultItem } from "./secretScene.ts";

const latest = fakeVersion(2, "").version;

async function run(command: string, options: SecretSceneOptions = {}, argument: unknown = dbItem) {
  const scene = await secretScene(options);
  expect(await scene.run(command, argument)).toBeUndefined();
  return scene;
}

describe("a new version", () => {
  const acts: readonly Act[] = ["Type", `${canary} 2`, "2028-01-31", "", "Write"];

  test("carries content type, tags and state over, asks for the dates, and shows no value", async () => {
    const { writes, prompts, end, everything, logged } = await run("keyline.newSecretVersion", { acts });
    expect(prompts.left()).toEqual([]);
    expect(writes.requests).toEqual(["PUT shop-vault db"]);
    const [version, ...older] = writes.secrets.get("db")?.versions ?? [];
    expect(version).toMatchObject({ value: `${canary} 2`, contentType: "text/plain", tags: [["team", "shop"], ["keyline-run", expect.not.stringMatching(/^f/)]], expires: Date.UTC(2028, 0, 31), enabled: true });
    expect(version?.tags).toHaveLength(2);
    expect(version?.notBefore).toBeUndefined();
    expect(older).toEqual(db.versions);
    expect(end().text).toBe("A new version of the secret db of the vault shop-vault is written.");
    expect(everything()).not.toContain("canary");
    expect(logged).toEqual(["Secret, new version: vault shop-vault, secret db, written."]);
    expect(prompts.asked.filter(({ password }) => password === true)).toHaveLength(1);
  });

  test("gets no date that nobody entered, and says so", async () => {
    const { writes, prompts } = await run("keyline.newSecretVersion", { acts: ["Type", "x", "", "", "Write"] });
    expect(prompts.asked.at(-1)?.notes).toContain("Expires on: no date Enabled The latest version expires on 2027-01-31 UTC. The new one gets no date.");
    expect(Object.keys(writes.secrets.get("db")?.versions[0] ?? {})).not.toContain("expires");
  });

  test("of a disabled secret is disabled, and says so", async () => {
    const { writes, prompts } = await run("keyline.newSecretVersion", { secrets: [{ name: "db", versions: [fakeVersion(1, "old", { enabled: false })] }], acts: ["Type", "x", "", "", "Write"] });
    expect(prompts.asked.at(-1)?.notes).toContain("The latest version is disabled, and so will the new one be.");
    expect(writes.secrets.get("db")?.versions[0]).toMatchObject({ value: "x", enabled: false });
  });

  test("asks again where somebody has written meanwhile, and carries over what they wrote", async () => {
    let isFirst = true;
    const scene = await secretScene({
      acts: [...acts, "Write"],
      script: {
        before: (request) => {
          if (request !== "PUT shop-vault db" || !isFirst) return;
          isFirst = false;
          scene.writes.secrets.set("db", { name: "db", versions: [fakeVersion(3, "theirs", { contentType: "theirs" }), ...db.versions] });
        },
      },
    });
    await scene.run("keyline.newSecretVersion", dbItem);
    expect(scene.prompts.left()).toEqual([]);
    expect(scene.dialogs.shown.map(({ text }) => text)).toContain("Somebody else has written a version of the secret db of the vault shop-vault meanwhile. Nothing was written. Look at it, then write yours again or leave.");
    expect(scene.writes.secrets.get("db")?.versions.map(({ value, contentType }) => [value, contentType])).toEqual([[`${canary} 2`, "theirs"], ["theirs", "theirs"], [canary, "text/plain"], ["older", undefined]]);
    expect(scene.prompts.asked.at(-1)?.notes).toContain(`Latest version now: ${fakeVersion(3, "").version}, of 2026-11-01 00:00:03 UTC`);
  });

  test("says that somebody else has written at the same time", async () => {
    const scene = await secretScene({ acts });
    const writes = { ...scene.writes, set: () => Promise.resolve({ ok: true as const, value: { kind: "written" as const, version: latest, contested: true as const } }) };
    const actions = new Map<string, (argument: unknown) => unknown>();
    registerSecretCommands((id, action) => actions.set(id, action), { ...scene.context, writes });
    await actions.get("keyline.newSecretVersion")?.(dbItem);
    expect(scene.end().text).toBe("A new version of the secret db of the vault shop-vault is written. Somebody else has written a version at the same time: look which one is the latest.");
  });

  test.each(acts.map((_act, step) => step))("is not written where the person leaves at box %i", async (step) => {
    const { writes } = await run("keyline.newSecretVersion", { acts: [...acts.slice(0, step), leave] });
    expect(writes.requests).toEqual([]);
  });

  test("of a secret that was deleted meanwhile offers to recover it", async () => {
    const scene = await secretScene({ acts, offer: "Recover…", script: { before: (request) => {
      const found = scene.writes.secrets.get("db");
      if (request.startsWith("PUT") && found !== undefined) scene.writes.secrets.set("db", { ...found, deleted: { scheduledPurge: 0, recoveryLevel: "Recoverable+Purgeable" } });
    } } });
    await scene.run("keyline.newSecretVersion", dbItem);
    expect(scene.writes.requests).toEqual(["PUT shop-vault db", "recover shop-vault db"]);
    expect(scene.dialogs.shown.find(({ kind }) => kind === "offer")?.text).toBe("The secret db of the vault shop-vault was deleted meanwhile. Nothing was written. Recover it first.");
  });

  test.each([true, false])("whose end nobody knows (written: %s) is not repeated and can be looked at", async (written) => {
    const { writes, end } = await run("keyline.newSecretVersion", { acts, offer: "Look in Vault", script: { unknown: { operation: "set", written } } });
    expect(writes.requests).toEqual(["PUT shop-vault db"]);
    expect(end().text).toBe(`Vault shop-vault: db ${written ? "is written: its latest version is the one of this change." : "exists with 2 versions, the latest of 2026-11-01 00:00:02 UTC; none is the one of this change."}`);
  });

  test("that fails says why, and can be tried again", async () => {
    const { writes, end, prompts } = await run("keyline.newSecretVersion", { acts: [...acts, leave], script: { fail: { set: "rbac" } } });
    expect(end().text).toBe("Vault shop-vault: no new version of the secret db was written. The identity has no role on the vault that lets it write secrets. Ask for the role Key Vault Secrets Officer on the vault. A new role can take minutes to work.");
    expect(writes.requests).toHaveLength(1);
    expect(prompts.left()).toEqual([]);
  });
});

const commands = ["newSecretVersion", "editSecretAttributes", "enableSecret", "disableSecret", "deleteSecret"] as const;

describe.each(commands.map((command) => `keyline.${command}`))("%s", (command) => {
  test("refuses a secret that belongs to a certificate", async () => {
    const { writes, end } = await run(command, { secrets: [{ ...db, managed: true }] });
    expect(end().text).toBe("The secret db of the vault shop-vault belongs to the certificate of that name, and changes with it alone. Renew, change or delete the certificate in Azure.");
    expect(writes.requests).toEqual([]);
  });

  test("says that there is no such secret", async () => {
    const { end } = await run(command, { secrets: [] });
    expect(end().text).toBe("The secret db of the vault shop-vault does not exist. It may be deleted: see Keyline: Recover Deleted Secret.");
  });

  test("reads the secret's versions alone; says why they cannot be read, and changes nothing", async () => {
    const asked: string[] = [];
    const { writes, end } = await run(command, { script: { fail: { versions: "unreachable" }, before: (request) => void asked.push(request) } });
    expect(asked).toEqual(["versions shop-vault db"]);
    expect(end().text).toBe("Vault shop-vault: the secret db cannot be read, so nothing was changed. No connection from this machine came about in time. Check the network, the VPN and the proxy, then try again.");
    expect(writes.requests).toEqual([]);
  });

  test("is silent where the reading is cancelled", async () => {
    const { dialogs } = await run(command, { signal: () => AbortSignal.abort() });
    expect(dialogs.shown.map(({ kind }) => kind)).toEqual(["progress"]);
  });

  test("does nothing in Restricted Mode, nor in a vault that is not approved", async () => {
    const restricted = await run(command, { trusted: () => false });
    expect(restricted.dialogs.shown).toEqual([{ kind: "tell", text: restrictedMessage, choices: [] }]);
    const unapproved = await run(command, { approved: [], confirm: false });
    expect(unapproved.dialogs.shown.map(({ kind }) => kind)).toEqual(["confirm"]);
  });

  test("lets the secret be picked, from a known vault or the tree's", async () => {
    for (const argument of [null, vaultItem]) {
      const { dialogs } = await run(command, {}, argument);
      expect(dialogs.shown).toMatchObject([{ kind: "progress", text: "Listing the vault shop-vault" }, { kind: "pick", choices: ["db"] }]);
    }
    expect((await run(command, { secrets: [] }, null)).end().text).toBe("The vault shop-vault holds no secret.");
    expect((await run(command, { vaults: [] }, null)).end().text).toContain("No vault is known yet.");
    expect((await run(command, { script: { fail: { secrets: "rbac" } } }, null)).end().text).toContain("its secrets cannot be listed. The identity has no role on the vault that lets it list secrets.");
  });
});

describe("editing attributes", () => {
  test("changes what was chosen of the latest version, and nothing else", async () => {
    const { writes, end, prompts, dialogs } = await run("keyline.editSecretAttributes", { pickMany: ["Content type", "Tags", "Expires on", "Activation date"], acts: ["application/json", "team:shop, new", "2028-02-29", "2027-01-01", "Save"] });
    expect(dialogs.shown.find(({ kind }) => kind === "pickMany")?.choices).toEqual(["Content type text/plain", "Tags team:shop", "Expires on 2027-01-31 UTC", "Activation date no date"]);
    expect(prompts.asked.map(({ value }) => value)).toEqual(["text/plain", "team:shop", "2027-01-31", "", undefined]);
    expect(writes.requests).toEqual(["PATCH shop-vault db"]);
    expect(writes.secrets.get("db")?.versions[0]).toMatchObject({ version: latest, value: canary, contentType: "application/json", tags: [["team", "shop"], ["new", ""]], expires: Date.UTC(2028, 1, 29), notBefore: Date.UTC(2027, 0, 1), enabled: true });
    expect(end().text).toBe("Version 00000000 of the secret db of the vault shop-vault is changed.");
  });

  test("of an older version begins with its own, and says that it is not the latest", async () => {
    const secrets = [{ ...db, versions: [...db.versions.slice(0, 1), fakeVersion(1, "older", { contentType: "text/old", tags: [["team", "old"]] })] }];
    const { writes, prompts, dialogs } = await run("keyline.editSecretAttributes", { secrets, pickMany: ["Content type", "Tags"], acts: [enter, "team:old, new", "Save"] }, oldVersionItem);
    expect(dialogs.shown.find(({ kind }) => kind === "pickMany")?.choices.slice(0, 2)).toEqual(["Content type text/old", "Tags team:old"]);
    expect(prompts.asked.map(({ value }) => value)).toEqual(["text/old", "team:old", undefined]);
    expect(prompts.asked.at(-1)?.notes).toBe("Content type: text/old Tags, all of them: team:old, new This is not the latest version.");
    expect(writes.secrets.get("db")?.versions.map(({ contentType, tags }) => [contentType, tags])).toEqual([["text/plain", db.versions[0]?.tags], ["text/old", [["team", "old"], ["new", ""]]]]);
  });

  test("moves a date, but cannot take one away", async () => {
    const { writes, prompts } = await run("keyline.editSecretAttributes", { pickMany: ["Expires on"], acts: ["", "2026-10-31", "2027-02-30", "2027-03-01", "Save"] });
    expect(prompts.problems).toEqual(["Key Vault cannot take a date back. Enter another one, or leave with Esc.", "The date lies in the past. Enter a later one.", "Enter a date that exists: 2027-01-31, 2027-01-31 18:00 (UTC), or in 90 days."]);
    expect(writes.secrets.get("db")?.versions[0]).toMatchObject({ expires: Date.UTC(2027, 2, 1), contentType: "text/plain" });
  });

  test("that changes nothing sends nothing", async () => {
    const same = await run("keyline.editSecretAttributes", { pickMany: ["Content type", "Tags"], acts: [enter, enter, "Save"] });
    expect(same.end().text).toBe("Nothing was changed.");
    const none = await run("keyline.editSecretAttributes", { pickMany: [] });
    const left = await run("keyline.editSecretAttributes", { pickMany: ["Tags"], acts: ["x", leave] });
    expect([...same.writes.requests, ...none.writes.requests, ...left.writes.requests]).toEqual([]);
  });

  test("does not prefill tags that cannot be typed", async () => {
    const { prompts } = await run("keyline.editSecretAttributes", { secrets: [{ name: "db", versions: [fakeVersion(1, "x", { tags: [["a", "b,c"]] })] }], pickMany: ["Tags"], acts: [leave] });
    expect(prompts.asked[0]?.value).toBe("");
  });

  test("says that a version is gone, before or while it is changed", async () => {
    const secrets = [{ name: "db", versions: [fakeVersion(2, "x")] }];
    expect((await run("keyline.editSecretAttributes", { secrets }, oldVersionItem)).end().text).toBe("The secret db of the vault shop-vault has no such version any more. Nothing was changed.");
    const scene = await secretScene({ pickMany: ["Content type"], acts: ["x", "Save"], script: { before: (request) => { if (request.startsWith("PATCH")) scene.writes.secrets.clear(); } } });
    await scene.run("keyline.editSecretAttributes", dbItem);
    expect(scene.end().text).toBe("Version 00000000 of the secret db of the vault shop-vault does not exist any more. Nothing was changed.");
  });

  test("that fails, or whose end nobody knows, says so", async () => {
    const options = { pickMany: ["Content type"], acts: ["x", "Save"], offer: "Look in Vault" };
    expect((await run("keyline.editSecretAttributes", { ...options, script: { fail: { update: "throttled" } } })).end().text).toBe("Vault shop-vault: the secret db was not changed. Azure answers that the vault gets too many requests. Wait a minute, then try again.");
    const open = await run("keyline.editSecretAttributes", { ...options, script: { unknown: { operation: "update", written: true } } });
    expect(open.dialogs.shown.find(({ kind }) => kind === "offer")?.text).toContain("nobody can say whether the secret db is changed.");
    expect(open.end().text).toBe("Vault shop-vault: db exists, and its latest version is enabled. See its version in the explorer for the rest.");
  });
});

describe("disabling and enabling", () => {
  const uses = { references: [useOf(0), useOf(4, { version: latest }), useOf(8, { version: fakeVersion(1, "").version })], entities: [useOf(1, { uri: "file:///w/db.yaml" })], complete: false };

  test("says what reads the latest version before it is disabled; Enter alone leaves it", async () => {
    const { writes, dialogs, end } = await run("keyline.disableSecret", { decide: "Disable", script: { uses } });
    expect(dialogs.shown.find(({ kind }) => kind === "decide")).toEqual({
      kind: "decide",
      text: `Disable version 00000000, the latest, of the secret db in the vault shop-vault?
Vault: shop-vault
Cloud: Azure
Tenant: 11111111-2222-3333-4444-555555555555

Key Vault then refuses to give its value. It can be enabled again.

1 secret of Harness kept in it breaks:
• account.db (db.yaml:2)
2 references break:
• account.db (deploy.yaml:1)
• account.db (deploy.yaml:5)
Not all files of the workspace are read, so there may be more.
References that a pipeline puts together when it runs, and what Harness alone holds, cannot be seen from here.`,
      choices: ["Leave as It Is", "Disable"],
    });
    expect(writes.secrets.get("db")?.versions.map(({ enabled }) => enabled)).toEqual([false, true]);
    expect(end().text).toBe("Version 00000000 of the secret db of the vault shop-vault is disabled.");
  });

  test("of an older version names only what is pinned to it", async () => {
    const { dialogs, writes } = await run("keyline.disableSecret", { decide: "Disable", script: { uses } }, oldVersionItem);
    expect(dialogs.shown.find(({ kind }) => kind === "decide")?.text).toContain("\n1 reference breaks:\n• account.db (deploy.yaml:9)\n");
    expect(writes.secrets.get("db")?.versions.map(({ enabled }) => enabled)).toEqual([true, false]);
  });

  test.each([undefined, "Leave as It Is"])("answered with %s does nothing", async (decide) => {
    const { writes } = await run("keyline.disableSecret", decide === undefined ? {} : { decide });
    expect(writes.requests).toEqual([]);
  });

  test("works the other way round, and says where it is so already", async () => {
    const secrets = [{ name: "db", versions: [fakeVersion(1, "x", { enabled: false })] }];
    const { writes, end } = await run("keyline.enableSecret", { secrets, decide: "Enable" });
    expect(writes.secrets.get("db")?.versions[0]?.enabled).toBe(true);
    expect(end().text).toBe("Version 00000000 of the secret db of the vault shop-vault is enabled.");
    expect((await run("keyline.disableSecret", { secrets })).end().text).toBe("Version 00000000 of the secret db of the vault shop-vault is disabled already.");
    expect((await run("keyline.enableSecret", { secrets }, oldVersionItem)).dialogs.shown.at(-1)?.kind).toBe("decide");
  });

  test("does not call a vault whose approval went while the modal was open", async () => {
    const scene = await secretScene({ decide: "Disable" });
    const dialogs = { ...scene.dialogs, decide: async <T extends string>(message: string, detail: string, buttons: readonly T[]) => {
      await scene.context.approvals.withdraw(shop);
      return scene.dialogs.decide(message, detail, buttons);
    } };
    const actions = new Map<string, (argument: unknown) => unknown>();
    registerSecretCommands((id, action) => actions.set(id, action), { ...scene.context, dialogs });
    await actions.get("keyline.disableSecret")?.(dbItem);
    expect(scene.writes.requests).toEqual([]);
  });
});

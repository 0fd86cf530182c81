/** Creating a secret as a person goes through it, over scripted boxes and a vault in memory. */
import { describe, expect, test } from "vitest";
import { restrictedMessage } from "../../client/src/azure/approvalCommands.ts";
import { createSecret } from "../../client/src/secrets/createSecret.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import { back, enter, leave } from "./scriptedPrompts.ts";
import type { Act } from "./scriptedPrompts.ts";
import type { SecretSceneOptions } from "./secretScene.ts";
import { canary, deletedDb, other, secretScene, shop, vaultItem } from "./secretScene.ts";

/** From the name to the last step, with a typed value. */
const typed: readonly Act[] = ["api-key", "Type", canary, "", "", "", "", "Enabled"];

async function run(options: SecretSceneOptions) {
  const scene = await secretScene(options);
  expect(await scene.run("keyline.createSecret", vaultItem)).toBeUndefined();
  return scene;
}

describe("a secret", () => {
  test("is written with all that was entered, and a reference to it is offered", async () => {
    const { writes, end, offered, prompts, logged, store } = await run({ acts: ["api-key", "Type", canary, "text/plain", "team:shop, urgent", "2027-01-31", "in 2 days", "Disabled", "Create"] });
    expect(prompts.left()).toEqual([]);
    expect(writes.requests).toEqual(["PUT shop-vault api-key"]);
    expect(writes.secrets.get("api-key")?.versions).toMatchObject([
      {
        value: canary,
        contentType: "text/plain",
        tags: [["team", "shop"], ["urgent", ""], ["keyline-run", expect.stringMatching(/^[0-9a-f]{32}$/)]],
        expires: Date.UTC(2027, 0, 31),
        notBefore: Date.UTC(2026, 10, 3),
        enabled: false,
      },
    ]);
    expect(end().text).toBe("The secret api-key of the vault shop-vault is created.");
    expect(offered).toEqual([{ vault: shop, name: "api-key" }]);
    expect(store.content["keyline.secretJournal"]).toEqual([]);
    expect(logged).toEqual(["Secret, create: vault shop-vault, secret api-key, written."]);
  });

  test("needs no more than a name and a value", async () => {
    const { writes } = await run({ acts: [...typed, "Create"] });
    const [version] = writes.secrets.get("api-key")?.versions ?? [];
    expect(version).toMatchObject({ value: canary, enabled: true });
    expect(Object.keys(version ?? {}).sort()).toEqual(["created", "enabled", "tags", "updated", "value", "version"]);
  });

  test("the last step says everything but the value", async () => {
    const { prompts } = await run({ acts: ["api-key", "Type", canary, "text/plain", "team:shop", "2027-01-31 18:00", "", "Enabled", leave] });
    expect(prompts.asked.at(-1)?.notes).toBe(
      "Vault: shop-vault Cloud: Azure Tenant: 11111111-2222-3333-4444-555555555555 Name: api-key Value: 19 bytes, as typed Content type: text/plain Tags: team:shop Expires on: 2027-01-31 18:00 UTC Enabled",
    );
  });

  test("T29: shows its value nowhere, and hides the box that takes it", async () => {
    const { everything, prompts, revealed, dialogs } = await run({ acts: [...typed, "Create"] });
    expect(everything()).not.toContain("canary");
    expect(revealed).toEqual([]);
    expect(prompts.asked.filter(({ password }) => password === true).map(({ prompt }) => prompt)).toEqual(["Value. The box takes one line: take several from the clipboard or a file"]);
    expect(dialogs.shown.filter(({ kind }) => kind === "input")).toEqual([]);
  });

  test.each(typed.map((_act, step) => step))("is not written where the person leaves at box %i", async (step) => {
    const { writes, store, dialogs } = await run({ acts: [...typed.slice(0, step), leave] });
    expect(writes.requests).toEqual([]);
    expect(store.content["keyline.secretJournal"]).toBeUndefined();
    expect(dialogs.shown).toEqual([]);
  });

  test("keeps what was entered on the way back", async () => {
    const { writes, prompts } = await run({ acts: [...typed, back, back, "in 90 days", enter, "Create"] });
    expect(prompts.left()).toEqual([]);
    expect(writes.secrets.get("api-key")?.versions[0]).toMatchObject({ value: canary, notBefore: Date.UTC(2027, 0, 30) });
  });
});

describe("the vault", () => {
  const two = [{ vault: shop, connector: "Shop · account.kv" }, { vault: other }];

  test("is picked where several are known, with how each is known", async () => {
    const scene = await secretScene({ vaults: two, acts: ["other-vault", ...typed, "Create"] });
    await scene.run("keyline.createSecret");
    expect(scene.prompts.asked[0]).toMatchObject({ labels: ["shop-vault", "other-vault"], details: ["Azure · Shop · account.kv", "Azure"] });
    expect(scene.writes.requests).toEqual(["PUT other-vault api-key"]);
  });

  test("that is not approved is asked for, and not called without a yes", async () => {
    const scene = await secretScene({ vaults: two, approved: [shop], acts: ["other-vault", leave], confirm: false });
    await scene.run("keyline.createSecret");
    expect(scene.dialogs.shown.map(({ kind, text }) => [kind, text.split("\n")[0]])).toEqual([["confirm", "Let Keyline read from the vault other-vault?"]]);
    expect(scene.writes.requests).toEqual([]);
  });

  test("is needed", async () => {
    const scene = await secretScene({ vaults: [] });
    await scene.run("keyline.createSecret");
    expect(scene.end().text).toBe("No vault is known yet. Open the folder whose connectors name one, wait until its files are read, or run Keyline: Add a Vault to the Sidebar.");
  });

  test("is not called in Restricted Mode", async () => {
    const { writes, end } = await run({ trusted: () => false, acts: [...typed, "Create"] });
    expect(end().text).toBe(restrictedMessage);
    expect(writes.requests).toEqual([]);
  });

  test("is not called where the approval was withdrawn meanwhile", async () => {
    const scene = await secretScene({ acts: [...typed, "Create"] });
    const prompts = { ...scene.prompts, list: async <T>(step: Parameters<typeof scene.prompts.list<T>>[0]) => {
      await scene.context.approvals.withdraw(shop);
      return scene.prompts.list(step);
    } };
    await createSecret({ ...scene.context, prompts }, { vault: shop });
    expect(scene.writes.requests).toEqual([]);
    expect(scene.end().text).toBe("The vault shop-vault is not approved any more, so nothing was done.");
  });
});

describe("the name", () => {
  test.each([
    ["", "Enter a name."],
    ["a".repeat(128), "A secret's name has at most 127 characters."],
    ["db_password", "A secret's name has letters, digits and hyphens only: no _. Harness's identifiers take _, Key Vault does not: write a hyphen."],
    ["db password", "A secret's name has letters, digits and hyphens only: no blank."],
    ["db.password", "A secret's name has letters, digits and hyphens only: no .."],
    ["dbé", "A secret's name has letters, digits and hyphens only: no such character."],
    ["DB", "The vault has a secret of this name. Choose another name, or leave and run New Version of Secret."],
    ["gone", "A deleted secret keeps this name. Choose another name, or leave and recover or purge the deleted one."],
  ])("%j is refused at the keystroke", async (name, problem) => {
    const scene = await secretScene({ secrets: [{ ...deletedDb, name: "gone" }, { name: "db", versions: deletedDb.versions }] });
    const problems: (string | undefined)[] = [];
    const prompts = { ...scene.prompts, text: async (step: Parameters<typeof scene.prompts.text>[0]) => {
      await scene.clock.advance(0);
      problems.push(step.problem(name));
      return { kind: "leave" as const };
    } };
    await createSecret({ ...scene.context, prompts }, { vault: shop });
    expect(problems).toEqual([problem]);
  });

  test("may be typed while the vault is being read, or cannot be", async () => {
    for (const script of [{ before: (request: string) => (request.startsWith("list") ? new Promise<void>(() => undefined) : undefined) }, { fail: { secrets: "rbac", deleted: "rbac" } as const }]) {
      const { writes } = await run({ script, acts: [...typed, "Create"] });
      expect(writes.requests).toEqual(["PUT shop-vault api-key"]);
    }
  });

  test("that somebody else takes meanwhile is told, and another one is asked, the rest kept", async () => {
    const { dialogs, writes, prompts } = await run({ script: { fail: { secrets: "throttled" } }, acts: ["db", ...typed.slice(1), "Create", "db-2", enter, "", "", "", "", enter, "Create"] });
    expect(prompts.left()).toEqual([]);
    expect(dialogs.shown.map(({ text }) => text)).toContain("The secret db of the vault shop-vault exists by now. Nothing was written. Choose another name, or leave and run New Version of Secret.");
    expect(writes.secrets.get("db-2")?.versions[0]?.value).toBe(canary);
    expect(writes.secrets.get("db")?.versions).toHaveLength(2);
  });

  test.each([
    ["Recover…", ["PUT shop-vault db", "recover shop-vault db"], {}],
    ["Purge…", ["PUT shop-vault db", "purge shop-vault db", "PUT shop-vault db"], { input: "db" }],
    ["Choose Another Name", ["PUT shop-vault db", "PUT shop-vault db-2"], {}],
    ["", ["PUT shop-vault db"], {}],
  ])("of a deleted secret: %s", async (decide, requests, answers) => {
    const rename: readonly Act[] = ["db-2", "Keep", "", "", "", "", enter, "Create"];
    const scene = await secretScene({ secrets: [deletedDb], script: { before: (request) => (request === "list deleted shop-vault" && scene.writes.requests.length === 0 ? new Promise<void>(() => undefined) : undefined) }, decide, ...answers, acts: ["db", ...typed.slice(1), "Create", ...(decide === "Purge…" ? ["Create"] : rename)] });
    await scene.run("keyline.createSecret", vaultItem);
    expect(scene.writes.requests).toEqual(requests);
    expect(scene.dialogs.shown.find(({ kind }) => kind === "decide")).toEqual({ kind: "decide", text: "A deleted secret of the vault shop-vault keeps the name db\nNothing was written. Recover it, purge it, or choose another name.", choices: ["Choose Another Name", "Recover…", "Purge…"] });
  });
});

describe("the value", () => {
  const rest: readonly Act[] = ["", "", "", "", "Enabled", "Create"];
  const valueOf = async (options: SecretSceneOptions, ...acts: readonly Act[]) => {
    const scene = await run({ ...options, acts: ["api-key", ...acts, ...rest] });
    return { ...scene, value: scene.writes.secrets.get("api-key")?.versions[0]?.value };
  };

  test("from the clipboard keeps its lines exactly", async () => {
    expect((await valueOf({ clipboard: "one\r\ntwo\n\n" }, "From the clipboard")).value).toBe("one\r\ntwo\n\n");
  });

  test("from a file keeps its lines exactly, or leaves out the last line break", async () => {
    const files = { "/k.pem": "one\ntwo\r\n" };
    expect((await valueOf({ files, file: "/k.pem" }, "From a text", "Keep the file")).value).toBe("one\ntwo\r\n");
    expect((await valueOf({ files, file: "/k.pem" }, "From a text", "Leave it out")).value).toBe("one\ntwo");
    expect((await valueOf({ files: { "/t": "no end" }, file: "/t" }, "From a text")).value).toBe("no end");
    expect((await valueOf({ files: { "/t": "\ufeffmarked" }, file: "/t" }, "From a text")).value).toBe("\ufeffmarked");
  });

  test("of a binary file is base64, and the line that decodes it is shown and copied", async () => {
    const { value, end, dialogs, clock } = await valueOf({ files: { "/b.pfx": new Uint8Array([0, 255, 10, 13]) }, file: "/b.pfx", offer: "Copy Decoding Line" }, "From a binary");
    await clock.advance(0);
    expect(value).toBe("AP8KDQ==");
    expect(end().text).toBe('The secret api-key of the vault shop-vault is created. A script makes the file again: echo <+secrets.getValue("IDENTIFIER")> | base64 -d > file, with the Harness secret\'s identifier.');
    expect(dialogs.copied).toEqual(['echo <+secrets.getValue("IDENTIFIER")> | base64 -d > file']);
  });

  test("says that Harness's own SecretFile and inline secrets cannot be written as YAML", async () => {
    const { prompts } = await run({ acts: ["api-key", leave] });
    expect(prompts.asked.at(-1)?.notes).toBe("Key Vault keeps at most 25,600 bytes of text, counted in UTF-8. A secret of Harness's type SecretFile and an inline secret cannot be written as YAML. Keep a binary file as base64 text, and let the script decode it.");
  });

  test("that was pasted over several lines is asked about: the box has joined them", async () => {
    const clipboard = "one\ntwo";
    expect((await valueOf({ clipboard }, "Type", "onetwo", "Take it")).value).toBe("one\ntwo");
    const kept = await valueOf({ clipboard }, "Type", "onetwo", "Keep the one");
    expect(kept.value).toBe("onetwo");
    expect(kept.prompts.asked.map(({ notes }) => notes)).toContain("What you pasted has 2 lines. The box made one of them.");
    expect((await valueOf({ clipboard, place: "browser" }, "Type", "onetwo")).value).toBe("onetwo");
    expect((await valueOf({ clipboard }, "Type", "another")).value).toBe("another");
  });

  test("is counted in bytes of UTF-8 before anything is sent, wherever it comes from", async () => {
    const most = "é".repeat(12_800);
    const sizes = { "/most": most, "/more": `${most}x`, "/many": `${most}xxxx`, "/empty": "", "/latin": new Uint8Array([0xe9]), "/end": `${most}\n` };
    expect((await valueOf({}, "Type", `${most}x`, most)).value).toBe(most);
    expect((await valueOf({ files: sizes, file: "/most" }, "From a text")).value).toBe(most);
    expect((await valueOf({ files: sizes, file: "/end" }, "From a text", "Leave it out")).value).toBe(most);
    expect((await valueOf({ files: { "/b": new Uint8Array(19_200) }, file: "/b" }, "From a binary")).value).toHaveLength(25_600);
    const refused = async (options: SecretSceneOptions, way: string, words: string, ...more: readonly Act[]) => {
      const { writes, end, prompts } = await run({ ...options, acts: ["api-key", way, ...more, leave] });
      expect(end().text).toBe(words);
      expect(prompts.left()).toEqual([]);
      expect(writes.requests).toEqual([]);
    };
    await refused({ clipboard: `${most}x` }, "From the clipboard", "The value has 25,601 bytes in UTF-8. Key Vault takes at most 25,600 bytes.");
    await refused({ clipboard: "" }, "From the clipboard", "The clipboard holds no text. Copy the value, then choose again.");
    await refused({ files: sizes, file: "/more" }, "From a text", "The value has 25,601 bytes in UTF-8. Key Vault takes at most 25,600 bytes.");
    await refused({ files: sizes, file: "/end" }, "From a text", "The value has 25,601 bytes in UTF-8. Key Vault takes at most 25,600 bytes.", "Keep the file");
    await refused({ files: sizes, file: "/many" }, "From a text", "The file is too large. Key Vault takes at most 25,600 bytes.");
    await refused({ files: sizes, file: "/empty" }, "From a text", "The file is empty. Choose another one.");
    await refused({ files: sizes, file: "/latin" }, "From a text", "The file is not text in UTF-8. Take it as a binary file, as base64.");
    await refused({ files: sizes, file: "/none" }, "From a text", "The file cannot be read. Choose another one, or see who may read it.");
    await refused({ files: { "/b": new Uint8Array(19_201) }, file: "/b" }, "From a binary", "The file is too large. As base64 at most 19,200 bytes fit into a secret.");
    await refused({ files: sizes, file: "/empty" }, "From a binary", "The file is empty. Choose another one.");
  });

  test("cannot come from a clipboard that may not be read", async () => {
    const scene = await secretScene({ acts: ["api-key", "From the clipboard", leave] });
    scene.clipboard.readable = false;
    await scene.run("keyline.createSecret", vaultItem);
    expect(scene.end().text).toBe("The clipboard may not be read here. Paste the value into the box, or take it from a file.");
  });

  test("back from its box leads to where it may come from", async () => {
    const { prompts } = await run({ clipboard: canary, acts: ["api-key", "Type", back, "From the clipboard", ...rest] });
    expect(prompts.left()).toEqual([]);
  });

  test("of a file that nobody chose is asked for again", async () => {
    const { prompts, writes } = await run({ acts: ["api-key", "From a text", "From a binary", "Type", canary, ...rest] });
    expect(prompts.left()).toEqual([]);
    expect(writes.requests).toHaveLength(1);
  });
});

describe("a value that is given", () => {
  test("is not asked for and never shown", async () => {
    const { context, prompts, writes, everything, offered } = await secretScene({ acts: ["api-key", "", "", "", "", "Enabled", "Create"] });
    expect(await createSecret(context, { vault: shop, value: canary })).toEqual({ vault: shop, name: "api-key" });
    expect(prompts.left()).toEqual([]);
    expect(offered).toEqual([]);
    expect(prompts.asked.at(-1)?.notes).toContain("Value: 19 bytes, as selected");
    expect(writes.secrets.get("api-key")?.versions[0]?.value).toBe(canary);
    expect(everything()).not.toContain("canary");
  });

  test("comes with a name to begin with", async () => {
    const { context, writes } = await secretScene({ acts: [enter, "", "", "", "", "Enabled", "Create"] });
    await createSecret(context, { vault: shop, name: "missing-one", value: "x" });
    expect(writes.requests).toEqual(["PUT shop-vault missing-one"]);
  });

  test.each([["x".repeat(25_601), "The value has 25,601 bytes in UTF-8. Key Vault takes at most 25,600 bytes."], ["", "Enter a value."]])("is refused at once where Key Vault would (%#)", async (value, words) => {
    const { context, prompts, end } = await secretScene();
    expect(await createSecret(context, { vault: shop, value })).toBeUndefined();
    expect(end().text).toBe(words);
    expect(prompts.asked).toEqual([]);
  });
});

describe("a write that does not succeed", () => {
  const causes: readonly (readonly [FaultCause, string])[] = [
    ["rbac", "The identity has no role on the vault that lets it write secrets. Ask for the role Key Vault Secrets Officer on the vault. A new role can take minutes to work."],
    ["access-policy", "The vault's access policies do not let this identity set secrets. Ask for the secret permissions set and delete, beside get and list."],
    ["unreachable", "No connection from this machine came about in time. Check the network, the VPN and the proxy, then try again."],
    ["throttled", "Azure answers that the vault gets too many requests. Wait a minute, then try again."],
    ["firewall", "The vault's firewall does not let this machine's network in. Connect to a network that it lets in, or have this one added under Networking on the vault's page. No role changes that."],
  ];
  test.each(causes)("because of %s says why and what to do, and can be tried again with everything kept", async (cause, words) => {
    let isBroken = true;
    const fail = { get set() { return isBroken ? cause : undefined; } } as Record<string, FaultCause>;
    const scene = await secretScene({ script: { fail }, acts: [...typed, "Create", "Create"] });
    const tell = scene.dialogs.tell.bind(scene.dialogs);
    const dialogs = { ...scene.dialogs, tell: (message: string) => { tell(message); isBroken = false; } };
    expect(await createSecret({ ...scene.context, dialogs }, { vault: shop })).toEqual({ vault: shop, name: "api-key" });
    expect(scene.dialogs.shown.find(({ kind }) => kind === "tell")?.text).toBe(`Vault shop-vault: the secret api-key was not created. ${words}`);
    expect(scene.writes.requests).toEqual(["PUT shop-vault api-key", "PUT shop-vault api-key"]);
    expect(scene.writes.secrets.get("api-key")?.versions).toHaveLength(1);
    expect(scene.everything()).not.toContain("canary");
  });

  test("is not sent where it is cancelled", async () => {
    const { writes, end } = await run({ acts: [...typed, "Create", leave], signal: () => AbortSignal.abort() });
    expect(writes.requests).toEqual([]);
    expect(end().text).toBe("Vault shop-vault: the secret api-key was not created: you cancelled.");
  });

  test.each([true, false])("for all that is known (written: %s) says so, is not repeated, and can be looked at", async (written) => {
    const { writes, dialogs, offered, store, clock } = await run({ script: { unknown: { operation: "set", written } }, acts: [...typed, "Create"], offer: "Look in Vault" });
    expect(writes.requests).toEqual(["PUT shop-vault api-key"]);
    expect(dialogs.shown.find(({ kind }) => kind === "offer")?.text).toBe("Vault shop-vault: nobody can say whether the secret api-key was created. No connection from this machine came about in time. Look in the vault before you do it again.");
    await clock.advance(0);
    expect(dialogs.shown.at(-1)?.text).toBe(written ? "Vault shop-vault: api-key is written: its latest version is the one of this change." : "Vault shop-vault: api-key does not exist, and is not among the deleted secrets.");
    expect(offered).toEqual([]);
    expect(store.content["keyline.secretJournal"]).toEqual([]);
  });

  test("for all that is known keeps nobody waiting for an answer to its notification, who may hold the value", async () => {
    const scene = await secretScene({ script: { unknown: { operation: "set", written: true } }, acts: [...typed, "Create"] });
    const dialogs = { ...scene.dialogs, offer: () => new Promise<undefined>(() => undefined) };
    await expect(createSecret({ ...scene.context, dialogs }, { vault: shop })).resolves.toBeUndefined();
  });

  test("because another change of the secret is running is not sent", async () => {
    const scene = await secretScene({ acts: [...typed, "Create", leave] });
    scene.context.turns.take("public/shop-vault/api-key");
    await scene.run("keyline.createSecret", vaultItem);
    expect(scene.writes.requests).toEqual([]);
    expect(scene.end().text).toBe("The secret api-key of the vault shop-vault is being changed already. Wait until that has ended.");
  });

  test("because it cannot be written down first is not sent", async () => {
    const scene = await secretScene({ acts: [...typed, "Create"] });
    const journal = { ...scene.context.journal, open: () => ({ step: () => Promise.reject(new Error("disk full")), end: () => Promise.resolve(), leave: () => undefined }) };
    await expect(createSecret({ ...scene.context, journal }, { vault: shop })).rejects.toThrow("disk full");
    expect(scene.writes.requests).toEqual([]);
  });
});

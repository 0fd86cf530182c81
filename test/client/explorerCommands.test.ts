import { describe, expect, test } from "vitest";
import { createVaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import { createAddedVaults } from "../../client/src/explorer/addedVaults.ts";
import { registerExplorerCommands } from "../../client/src/explorer/explorerCommands.ts";
import { plainView } from "../../client/src/explorer/explorerView.ts";
import { createViewChoice } from "../../client/src/explorer/viewChoice.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { Act } from "./scriptedPrompts.ts";
import { scriptedPrompts } from "./scriptedPrompts.ts";
import { sub, subscription, tenant, vault } from "./wizardScene.ts";

interface Options extends FakeAnswers {
  readonly acts?: readonly Act[];
  readonly trusted?: boolean;
  readonly added?: readonly VaultTarget[];
  /** Which added vault the argument's line stands for. */
  readonly item?: VaultTarget;
}

async function run(command: string, options: Options) {
  const dialogs = createFakeDialogs(options);
  const added = createAddedVaults(createFakeStore());
  for (const each of options.added ?? []) await added.add(each);
  const approvals = createVaultApprovals(createFakeStore());
  const view = createViewChoice(() => undefined);
  const calls: string[] = [];
  const settings: [string, string][] = [];
  const credentials = {
    of: () => ({ kind: "vscode" as const }),
    chosen: () => undefined,
    byDefault: () => ({ kind: "vscode" as const }),
    ask: () => Promise.resolve({ kind: "azure-cli" as const }),
    askSecret: () => Promise.resolve(true),
    remember: () => Promise.resolve(),
  };
  const item = {};
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerExplorerCommands((id, action) => void actions.set(id, action), {
    source: {
      subjectOf: () => undefined,
      vaultOf: (argument) => (argument === item ? options.item : undefined),
      vaults: () => Promise.resolve([]),
      secrets: () => Promise.resolve({ ok: true, value: [] }),
      versions: () => Promise.resolve({ ok: true, value: [] }),
      deleted: () => Promise.resolve({ ok: true, value: [] }),
      uses: () => Promise.resolve({ references: [], entities: [], complete: true }),
      changed: () => undefined,
    },
    added,
    view,
    dialogs,
    isTrusted: () => options.trusted ?? true,
    approvals,
    credentials,
    wizard: {
      prompts: scriptedPrompts(options.acts ?? []),
      dialogs,
      isTrusted: () => true,
      resourceManager: {
        listSubscriptions: (login) => {
          calls.push(`subscriptions of ${login.cloud}`);
          return Promise.resolve({ ok: true, value: [subscription("Shop", sub)] });
        },
        listVaults: (_login, of, onPage) => {
          calls.push(`vaults of ${of}`);
          onPage([vault("shop-dev-kv")]);
          return Promise.resolve({ ok: true, value: [vault("shop-dev-kv")] });
        },
        isVaultNameFree: () => Promise.resolve({ ok: true, value: false }),
      },
      credentials,
      fetched: () => undefined,
      approve: () => Promise.resolve(true),
      readTest: () => Promise.resolve("passed"),
    },
    setSetting: (name, value) => {
      settings.push([name, value]);
      return Promise.resolve();
    },
  });
  expect(await actions.get(`keyline.${command}`)?.(item)).toBeUndefined();
  return { dialogs, added: added.list(), approvals, view, calls, settings };
}

const told = (made: Awaited<ReturnType<typeof run>>): readonly string[] => made.dialogs.shown.filter(({ kind }) => kind === "tell").map(({ text }) => text);

describe("adding a vault", () => {
  test("by its name asks nothing of Azure, and asks for the approval at once", async () => {
    const made = await run("addVault", { pick: ["By its name", "Azure"], input: ["shop-kv", tenant.toUpperCase()], confirm: true });
    expect([made.added, made.approvals.isApproved({ name: "shop-kv", cloud: "public", tenant }), made.calls]).toEqual([[{ name: "shop-kv", cloud: "public", tenant }], true, []]);
  });

  test("that is not approved then is listed all the same", async () => {
    const made = await run("addVault", { pick: ["By its name", "Azure China (21Vianet)"], input: ["shop-kv", ""], confirm: false });
    expect([made.added, made.approvals.list()]).toEqual([[{ name: "shop-kv", cloud: "china" }], []]);
  });

  test.each([["a name that no vault has", ["-kv"]], ["a tenant that is no GUID", ["shop-kv", "contoso"]], ["leaving the box", []]])("%s adds nothing", async (_name, input) => {
    expect((await run("addVault", { pick: ["By its name", "Azure"], input })).added).toEqual([]);
  });

  test("from a subscription takes the vault with its tenant", async () => {
    const made = await run("addVault", { pick: ["From a subscription", "Azure US Government"], acts: [tenant, "shop-dev-kv"], confirm: true });
    expect([made.added, made.calls]).toEqual([[{ name: "shop-dev-kv", cloud: "usgov", tenant }], ["subscriptions of usgov", `vaults of ${sub}`]]);
  });

  test("from a subscription may end in typing the name", async () => {
    const made = await run("addVault", { pick: ["From a subscription", "Azure"], acts: [tenant, "Enter the vault's name manually"], input: ["typed-kv", ""], confirm: true });
    expect(made.added).toEqual([{ name: "typed-kv", cloud: "public" }]);
  });

  test("Azure China has no Fetch Vault, so it is not offered there", async () => {
    const made = await run("addVault", { pick: ["From a subscription"] });
    expect(made.dialogs.shown.at(-1)?.choices).toEqual(["Azure", "Azure US Government"]);
  });

  test("is refused in Restricted Mode", async () => {
    const made = await run("addVault", { trusted: false, pick: ["By its name"] });
    expect([made.added, told(made)]).toEqual([[], ["Keyline calls no vault in Restricted Mode. Trust this workspace first."]]);
  });
});

describe("removing a vault", () => {
  const one = { name: "one-kv", cloud: "public" } as const;
  const two = { name: "two-kv", cloud: "public" } as const;

  test("takes the line's, or the one that is picked, and never one of a connector", async () => {
    expect((await run("removeVault", { added: [one, two], item: one })).added).toEqual([two]);
    expect((await run("removeVault", { added: [one, two], pick: "two-kv" })).added).toEqual([one]);
    expect(told(await run("removeVault", { item: one }))).toEqual(["No vault was added by hand. The others are named by connectors of this workspace."]);
  });
});

describe("filters and order", () => {
  test("a name narrows, and showing all widens again", async () => {
    expect((await run("filterSecrets", { input: "db" })).view.now()).toEqual({ ...plainView, filter: "db" });
    expect((await run("filterSecrets", {})).view.now()).toEqual(plainView);
    expect((await run("showUnusedSecrets", {})).view.now()).toEqual({ ...plainView, unusedOnly: true });
    expect((await run("showAllSecrets", {})).view.now()).toEqual(plainView);
  });

  test("order and groups are settings; a tag is asked for", async () => {
    expect((await run("arrangeSecrets", { pick: "Sort by expiry" })).settings).toEqual([["vaults.sort", "expiry"]]);
    expect((await run("arrangeSecrets", { pick: "Group by a tag…", input: " owner " })).settings).toEqual([["vaults.groupTag", "owner"], ["vaults.group", "tag"]]);
    expect((await run("arrangeSecrets", { pick: "Group by a tag…", input: " " })).settings).toEqual([]);
    expect((await run("arrangeSecrets", {})).settings).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { askJsonKeys, createApprovalCommands, restrictedMessage } from "../../client/src/azure/approvalCommands.ts";
import { createVaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const shop: VaultTarget = { name: "shop-vault", cloud: "public", tenant };
const gov: VaultTarget = { name: "gov-vault", cloud: "usgov" };

const treeItem = {};

function scene(options: { vaults?: VaultTarget[]; withKeys?: VaultTarget[]; trusted?: boolean; pick?: string; confirm?: boolean }) {
  const approvals = createVaultApprovals(createFakeStore());
  const dialogs = createFakeDialogs(options);
  const withdrawn: string[] = [];
  const commands = createApprovalCommands({
    approvals,
    dialogs,
    isTrusted: () => options.trusted ?? true,
    vaults: () => options.vaults ?? [shop],
    vaultsWithJsonKeys: () => options.withKeys ?? [],
    vaultOf: (argument) => (argument === treeItem ? gov : undefined),
    credentials: { of: () => ({ kind: "azure-cli" }) },
    withdrawn: (vault) => {
      withdrawn.push(vault.name);
      return Promise.resolve();
    },
  });
  return { approvals, dialogs, commands, withdrawn };
}

describe("Approve a Vault", () => {
  test("shows vault, cloud and tenant, and approves after the button", async () => {
    const { approvals, dialogs, commands } = scene({ confirm: true });
    await commands.approveVault();
    expect(dialogs.shown.map((dialog) => dialog.kind)).toEqual(["confirm"]);
    expect(dialogs.shown[0]?.text).toContain("Vault: shop-vault\nCloud: Azure\n" + `Tenant: ${tenant}\nOpened with: Azure CLI`);
    expect(dialogs.shown[0]?.text).toContain("reads no secret's value");
    expect(approvals.isApproved(shop)).toBe(true);
  });

  test("takes the vault of the tree's item, and of nothing else", async () => {
    const { approvals, dialogs, commands } = scene({ vaults: [shop], confirm: true });
    await commands.approveVault(treeItem);
    expect(dialogs.shown[0]?.text).toContain("Vault: gov-vault");
    expect(approvals.list().map(({ vault }) => vault.name)).toEqual(["gov-vault"]);
  });

  test("approves nothing where the dialog is left", async () => {
    const { approvals, commands } = scene({ confirm: false });
    await commands.approveVault();
    expect(approvals.list()).toEqual([]);
  });

  test("asks which one where several wait, and leaves out what is approved", async () => {
    const { approvals, dialogs, commands } = scene({ vaults: [shop, gov], pick: "gov-vault", confirm: true });
    await commands.approveVault();
    expect(dialogs.shown[0]).toEqual({ kind: "pick", text: "Approve a vault", choices: ["shop-vault", "gov-vault"] });
    expect(dialogs.shown[1]?.text).toContain("Azure US Government");
    expect(approvals.list()).toEqual([{ vault: gov, jsonKeys: false }]);
    await commands.approveVault();
    expect(dialogs.shown[2]?.kind).toBe("confirm");
    expect(approvals.isApproved(shop)).toBe(true);
  });

  test("in Restricted Mode says so and shows no dialog", async () => {
    const { approvals, dialogs, commands } = scene({ trusted: false, confirm: true });
    await commands.approveVault();
    expect(dialogs.shown).toEqual([{ kind: "tell", text: restrictedMessage, choices: [] }]);
    expect(approvals.list()).toEqual([]);
  });

  test("offers no vault but those of open files, whatever a caller passes", async () => {
    const { approvals, dialogs, commands } = scene({ vaults: [], confirm: true });
    const run = commands.approveVault as (...hostile: unknown[]) => Promise<unknown>;
    await expect(run({ name: "attacker", cloud: "public" }, { confirmed: true })).resolves.toBeUndefined();
    expect(dialogs.shown.map((dialog) => dialog.kind)).toEqual(["tell"]);
    expect(approvals.list()).toEqual([]);
  });
});

describe("Allow Reading JSON Keys", () => {
  test("says that values are read, and allows after the button", async () => {
    const { approvals, dialogs, commands } = scene({ withKeys: [shop], confirm: true });
    await approvals.approve(shop);
    await commands.allowJsonKeys();
    expect(dialogs.shown[0]?.text).toContain("must read its value");
    expect(approvals.jsonKeysAllowed(shop)).toBe(true);
  });

  test("sends to the approval first", async () => {
    const { approvals, dialogs, commands } = scene({ withKeys: [shop], confirm: true });
    await commands.allowJsonKeys();
    expect(dialogs.shown).toEqual([{ kind: "tell", text: "Approve the vault first: run Keyline: Approve a Vault…", choices: [] }]);
    expect(approvals.list()).toEqual([]);
  });

  test("says so of a line whose vault it may read already", async () => {
    const { approvals, dialogs, commands } = scene({ confirm: true });
    await approvals.approve(gov);
    await approvals.allowJsonKeys(gov);
    await commands.allowJsonKeys(treeItem);
    expect(dialogs.shown).toEqual([{ kind: "tell", text: "Keyline may read the JSON keys of the vault gov-vault already. Withdraw the vault's approval to take that back.", choices: [] }]);
  });

  test("says when nothing waits, and says no in Restricted Mode", async () => {
    const open = scene({ confirm: true });
    await open.approvals.approve(shop);
    await open.commands.allowJsonKeys();
    expect(open.dialogs.shown[0]?.kind).toBe("tell");
    const restricted = scene({ trusted: false, withKeys: [shop], confirm: true });
    await restricted.approvals.approve(shop);
    await restricted.commands.allowJsonKeys();
    expect(restricted.dialogs.shown[0]?.text).toBe(restrictedMessage);
    expect(restricted.approvals.jsonKeysAllowed(shop)).toBe(false);
  });
});

test("Withdraw takes the chosen approval away, and only that", async () => {
  const { approvals, commands, withdrawn } = scene({ pick: "shop-vault" });
  await approvals.approve(shop);
  await approvals.approve(gov);
  await commands.withdrawVault();
  expect(approvals.list()).toEqual([{ vault: gov, jsonKeys: false }]);
  expect(withdrawn).toEqual(["shop-vault"]);
});

test("Withdraw says so where nothing is approved", async () => {
  const { dialogs, commands } = scene({});
  await commands.withdrawVault();
  expect(dialogs.shown).toEqual([{ kind: "tell", text: "No vault is approved.", choices: [] }]);
});

describe("reading JSON keys while an entity is written", () => {
  const vault = { name: "shop-kv", cloud: "public" } as const;

  test.each([
    ["is asked for once", true, true, true],
    ["is refused", true, false, false],
    ["needs the vault's own approval", false, true, false],
  ])("%s", async (_what, isApproved, agrees, expected) => {
    const approvals = createVaultApprovals(createFakeStore());
    if (isApproved) await approvals.approve(vault);
    const dialogs = createFakeDialogs({ confirm: agrees });
    const context = { approvals, dialogs, isTrusted: () => true };
    expect(await askJsonKeys(context, vault)).toBe(expected);
    expect(approvals.jsonKeysAllowed(vault)).toBe(expected);
    if (expected) await askJsonKeys(context, vault);
    expect(dialogs.shown).toHaveLength(isApproved ? 1 : 0);
    expect(await askJsonKeys({ ...context, isTrusted: () => false }, vault)).toBe(false);
  });
});

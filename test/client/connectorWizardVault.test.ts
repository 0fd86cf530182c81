/** The wizard from the vault on: Fetch Vault, the subscription, typing, the test. */
import { describe, expect, test } from "vitest";
import { readerCli, readerPortalUrl, readerPowerShell } from "../../client/src/connectors/wizard/readerRole.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import type { Act } from "./scriptedPrompts.ts";
import { back, enter, leave } from "./scriptedPrompts.ts";
import { clientId, manual, delegate, run, specify, sub, subscription, tenant, vault } from "./wizardScene.ts";

describe("Fetch Vault", () => {
  const denied: Outcome<never> = { ok: false, reason: "forbidden", cause: "no-reader-role" };

  test("takes the one enabled subscription by itself", async () => {
    const { prompts } = await run({ subscriptions: [{ ok: true, value: [subscription("Old", clientId, "Disabled"), subscription("Shop", sub)] }], acts: [...specify, "Fetch", "shop-dev-kv", leave] });
    expect(prompts.asked.filter(({ prompt }) => prompt.startsWith("Subscription:"))).toEqual([]);
  });

  test("lets the person pick one of three, and never takes the first", async () => {
    const three = [subscription("One", sub), subscription("Two", clientId), subscription("Three", tenant)];
    const { written, calls } = await run({ subscriptions: [{ ok: true, value: three }], acts: [...specify, "Fetch", "Two", "shop-dev-kv", "Go on", "Write"] });
    expect(calls).toContain("vaults of 6666");
    expect([...written.values()][0]).toContain(`subscription: ${clientId}`);
  });

  test("shows 300 vaults that come over pages, with what a person chooses by", async () => {
    const pages = [0, 1, 2].map((page) => Array.from({ length: 100 }, (_, index) => vault(`kv-${String(page)}-${String(index)}`)));
    const { prompts, written } = await run({ pages: [...pages, [vault("last-kv", { purgeProtection: true, rbac: false, publicAccess: false, tenant: clientId })]], acts: [...specify, "Fetch", "last-kv", "Turn", "Go on", "Write"] });
    const list = prompts.asked.find(({ prompt }) => prompt.startsWith("Vaults of"));
    expect(list?.labels).toHaveLength(304);
    expect(list?.details?.[300]).toBe("rg-shop · westeurope · access policies · purge protection: turn Purge Secrets off · private endpoint only · another tenant than the connector's");
    expect([...written.values()][0]).toContain("enablePurge: false");
  });

  test.each([
    ["no subscription is seen", { subscriptions: [{ ok: true, value: [] } as const] }, ["Fetch"], "Azure shows this identity no enabled subscription of the tenant. It needs the role Reader on"],
    ["the only subscription is disabled", { subscriptions: [{ ok: true, value: [subscription("Old", sub, "Disabled")] } as const] }, ["Fetch"], "no enabled subscription"],
    ["listing is refused", { vaults: [denied] }, ["Fetch", "The vault is not listed"], "it lacks the role Reader"],
    ["a subscription shows none", { vaults: [{ ok: true, value: [] } as const] }, ["Fetch", "No vault is listed"], "Either there is none, or the identity lacks the role Reader"],
    ["the vault is not among those listed", {}, ["Fetch", "The vault is not listed"], "A vault of another subscription or tenant is not listed, nor one that the identity may not see"],
  ])("where %s says no more than is known, and offers the ready commands", async (_when, options, acts, words) => {
    const { prompts, dialogs } = await run({ ...options, acts: [...specify, ...acts, "Copy the PowerShell", "Copy the Azure CLI", "Open Access control", "Choose another way", leave] });
    expect(prompts.left()).toEqual([]);
    expect(prompts.asked.some(({ notes }) => notes?.includes(words))).toBe(true);
    expect(prompts.asked.some(({ notes }) => notes?.includes("The commands name the connector's own identity, which Harness lists with."))).toBe(true);
    expect(dialogs.copied[0]).toMatch(new RegExp(`^New-AzRoleAssignment -ApplicationId ${clientId} -RoleDefinitionName "Reader" -Scope `));
    expect(dialogs.copied[1]).toMatch(new RegExp(`^az role assignment create --assignee ${clientId} --role Reader --scope `));
    expect(dialogs.opened[0]).toMatch(/^https:\/\/portal\.azure\.com\//);
  });

  test("tries again after a fault", async () => {
    const { calls, written } = await run({ subscriptions: [{ ok: false, reason: "throttled", cause: "throttled" }], vaults: [denied], acts: [...specify, "Fetch", "Try again", "The vault is not", "Try again", "shop-dev-kv", "Go on", "Write"] });
    expect(calls.filter((call) => call.startsWith("subscriptions"))).toHaveLength(2);
    expect(calls.filter((call) => call.startsWith("vaults"))).toHaveLength(2);
    expect(written.size).toBe(1);
  });

  test("that is cancelled, or left at the identity, goes back and asks nobody", async () => {
    const { calls, prompts } = await run({ credential: null, acts: [...specify, "Fetch", leave] });
    expect(calls).toEqual([]);
    expect(prompts.asked.at(-1)?.prompt).toContain("Setup Vault");
    const cancelled = await run({ subscriptions: [{ ok: false, reason: "loading", cause: "cancelled" }], acts: [...specify, "Fetch", leave] });
    expect(cancelled.prompts.asked.at(-1)?.prompt).toContain("Setup Vault");
  });

  test("holds in its commands nothing but GUIDs", () => {
    const hostile = { clientId: "x; rm -rf ~", subscription: '"; calc', tenant: "a/b", cloud: "public" } as const;
    expect(readerPowerShell(hostile)).toBe('New-AzRoleAssignment -ObjectId "<object ID of the identity>" -RoleDefinitionName "Reader" -Scope "/subscriptions/<subscription ID>"');
    expect(readerCli(hostile)).toBe('az role assignment create --assignee "<object ID of the identity>" --role Reader --scope "/subscriptions/<subscription ID>"');
    expect(readerPortalUrl(hostile)).not.toMatch(/calc|a\/b/);
    expect(readerPortalUrl({ clientId, subscription: sub, tenant, cloud: "usgov" })).toBe(`https://portal.azure.us/#@${tenant}/resource/subscriptions/${sub}/users`);
  });
});

describe("the test", () => {
  test("that fails does not keep the connector from being saved, and both are said", async () => {
    const { prompts, written, dialogs } = await run({ test: "firewall", acts: [...delegate, ...manual, "Test", "Go on", "Write"] });
    expect(prompts.asked.at(-2)?.notes).toContain("firewall does not let this machine's network in");
    expect(prompts.asked.at(-2)?.notes).toContain("Harness reaches the vault from a delegate");
    expect(prompts.asked.at(-1)?.labels).toContain("The test failed: Blocked by the firewall. It is saved all the same.");
    expect(written.size).toBe(1);
    expect(dialogs.shown.at(-1)?.text).toContain("although the test failed");
  });

  test("that is refused names the right to list, in the step and behind the file", async () => {
    const { prompts, dialogs } = await run({ test: "rbac", acts: [...delegate, ...manual, "Test", "Go on", "Write"] });
    for (const text of [prompts.asked.at(-2)?.notes, dialogs.shown.at(-1)?.text]) expect(text).toContain("no role on the vault that lets it list secrets. Ask for the role Key Vault Reader");
  });

  test("asks for the approval first", async () => {
    const { calls, prompts } = await run({ approved: false, acts: [...delegate, ...manual, "Test", leave] });
    expect(calls).toEqual(["approve my-vault without tenant"]);
    expect(prompts.asked.at(-1)?.notes).toBe("The vault was not approved, so it was not tested.");
  });

  test("that is cancelled says so, and leaves the connector untested", async () => {
    const { prompts, dialogs } = await run({ test: "cancelled", acts: [...delegate, ...manual, "Test", "Go on without", "Write"] });
    expect(prompts.asked.at(-2)?.notes).toBe("You cancelled the test, so nothing is known from it.");
    expect(dialogs.shown.at(-1)?.text).toContain("was not tested");
  });
});

describe("the subscription", () => {
  test("that is typed is used: no subscription is listed, and it is written", async () => {
    const { calls, written } = await run({ acts: [...specify.slice(0, 9), clientId.toUpperCase(), ...specify.slice(10), "Fetch", "shop-dev-kv", "Go on", "Write"] });
    expect(calls).toEqual(["vaults of 6666"]);
    expect([...written.values()][0]).toContain(`subscription: ${clientId}\n`);
  });

  test("can still be another one", async () => {
    const two = [subscription("One", sub), subscription("Two", clientId)];
    const { calls, written } = await run({ subscriptions: [{ ok: true, value: two }], acts: [...specify.slice(0, 9), tenant, ...specify.slice(10), "Fetch", "Another subscription", "Two", "shop-dev-kv", "Go on", "Write"] });
    expect(calls).toEqual(["vaults of 5555", "subscriptions of public as azure-cli", "vaults of 6666"]);
    expect([...written.values()][0]).toContain(`subscription: ${clientId}\n`);
  });

  test("of a vault that is typed is found in Azure where it was left empty", async () => {
    const { calls, written } = await run({ acts: [...specify, "Enter the vault's name", "my-vault", "Find it", "Go on", "Write"] });
    expect(calls).toEqual(["subscriptions of public as azure-cli"]);
    expect([...written.values()][0]).toContain(`vaultName: my-vault\n    subscription: ${sub}\n`);
  });

  test("that was cleared on the way back is asked for again, not kept", async () => {
    const { written, prompts } = await run({ acts: [...delegate, ...manual, back, back, back, back, back, "", enter, enter, enter, "Keep", "Leave it out", "Go on", "Write"] });
    expect(prompts.left()).toEqual([]);
    expect([...written.values()][0]).not.toContain("subscription");
  });
});

describe("typing in the place of fetching", () => {
  test("is offered in the list of vaults", async () => {
    const { written } = await run({ acts: [...specify, "Fetch", "Enter the vault's name", "my-vault", "Enter its ID", sub, "Go on", "Write"] });
    expect([...written.values()][0]).toContain("vaultConfiguredManually: true");
  });

  test("is offered where fetching has failed", async () => {
    const { written } = await run({ subscriptions: [{ ok: false, reason: "tls", cause: "tls" }], acts: [...specify, "Fetch", "Enter the vault's name", "my-vault", "Enter its ID", sub, "Go on", "Write"] });
    expect([...written.values()][0]).toContain("vaultName: my-vault");
  });

  test("is offered where the subscription is not found", async () => {
    const { written } = await run({ subscriptions: [{ ok: true, value: [] }], acts: [...specify, "Enter the vault's name", "my-vault", "Find it", "Enter the subscription's ID", sub, "Go on", "Write"] });
    expect([...written.values()][0]).toContain(`subscription: ${sub}`);
  });

  test("comes without a role's commands where the role is not what is missing", async () => {
    const { prompts } = await run({ subscriptions: [{ ok: false, reason: "tls", cause: "tls" }], acts: [...specify, "Fetch", leave] });
    expect(prompts.asked.at(-1)?.labels).toEqual(["Try again", "Enter the vault's name manually", "Choose another way"]);
    expect(prompts.asked.at(-1)?.notes).not.toContain("Reader");
  });
});

test.each<[string, readonly Act[]]>([["the end", ["Go on", "Write"]], ["Esc", [leave]]])("the client secret that is entered for local use goes to the secret storage alone, up to %s", async (_until, acts) => {
  const value = "demo value";
  const secrets = new Map<string, string>();
  const { drafts, written, calls, prompts, dialogs, fetched } = await run({ secrets, pick: "Client secret", input: [clientId, value], acts: [...specify, "Fetch", "shop-dev-kv", ...acts] });
  expect([...secrets.values()]).toEqual([value]);
  expect(calls).toEqual(["subscriptions of public as client-secret", "vaults of 7777"]);
  expect(written.size).toBe(acts.length - 1);
  expect(JSON.stringify([drafts.content, [...written], calls, prompts.asked, dialogs.shown, dialogs.copied, fetched])).not.toContain(value);
});

/** The wizard as a person goes through it, over scripted boxes and a scripted Azure. */
import { describe, expect, test } from "vitest";
import { registerConnectorWizard } from "../../client/src/connectors/wizard/connectorWizard.ts";
import type { WorkspaceFiles } from "../../client/src/connectors/wizard/workspaceFiles.ts";
import { readerCli, readerPortalUrl, readerPowerShell } from "../../client/src/connectors/wizard/readerRole.ts";
import type { AzureSubscription, AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { Act } from "./scriptedPrompts.ts";
import { back, enter, leave, scriptedPrompts } from "./scriptedPrompts.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const clientId = "11111111-2222-3333-4444-666666666666";
const sub = "11111111-2222-3333-4444-777777777777";
const item = {};

function subscription(name: string, id: string, state = "Enabled"): AzureSubscription {
  return { id, name, tenant, cloud: "public", state };
}

function vault(name: string, more: Partial<AzureVault> = {}): AzureVault {
  return { name, cloud: "public", subscription: sub, resourceGroup: "rg-shop", location: "westeurope", tenant, rbac: true, purgeProtection: false, publicAccess: true, ...more };
}

function row(identifier: string, more: Partial<ConnectorRow> = {}): ConnectorRow {
  return { key: identifier, folder: "file:///w", scope: { level: "project", org: "default", project: "shop" }, identifier, type: "AzureKeyVault", uri: `file:///w/${identifier}.yaml`, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, secrets: [], references: [], ...more };
}

interface Options extends FakeAnswers {
  readonly acts: readonly Act[];
  readonly rows?: readonly ConnectorRow[];
  readonly subscriptions?: readonly Outcome<readonly AzureSubscription[]>[];
  readonly pages?: readonly (readonly AzureVault[])[];
  readonly vaults?: readonly Outcome<readonly AzureVault[]>[];
  readonly test?: "passed" | FaultCause;
  readonly approved?: boolean;
  readonly trusted?: boolean;
  readonly credential?: CredentialChoice | null;
  readonly content?: Record<string, unknown>;
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly pickNew?: string;
  readonly failWrites?: boolean;
  readonly command?: "keyline.newConnector" | "keyline.editConnector" | "keyline.setDefaultConnector";
  readonly argument?: unknown;
}

async function run(options: Options) {
  const prompts = scriptedPrompts(options.acts);
  const dialogs = createFakeDialogs(options);
  const drafts = createFakeStore(options.content);
  const calls: string[] = [];
  const written = new Map<string, string>();
  const remembered: [string, CredentialChoice | undefined][] = [];
  const fetched: string[] = [];
  const current = new Map(Object.entries(options.files ?? {}));
  let subscriptionsAt = 0;
  let vaultsAt = 0;
  const files: WorkspaceFiles = {
    folders: () => (options.folders ?? ["file:///w"]).map((uri) => ({ uri, name: uri.split("/").at(-1) ?? "" })),
    join: (folder, path) => `${folder}/${path}`,
    read: (uri) => Promise.resolve(current.get(uri)),
    write: (uri, text) => {
      if (options.failWrites === true && written.size === 0 && !calls.includes("write failed")) {
        calls.push("write failed");
        return Promise.resolve(false);
      }
      written.set(uri, text);
      current.set(uri, text);
      return Promise.resolve(true);
    },
    show: () => Promise.resolve(),
    pickNew: () => Promise.resolve(options.pickNew),
  };
  const rows = options.rows ?? [];
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerConnectorWizard((id, action) => void actions.set(id, action), {
    prompts, dialogs, drafts, files,
    isTrusted: () => options.trusted ?? true,
    source: { rows: () => rows, load: () => Promise.resolve(rows), of: (argument) => (argument === item ? rows[0] : undefined) },
    resourceManager: {
      listSubscriptions: (login) => {
        calls.push(`subscriptions of ${login.cloud} as ${login.credential.kind}`);
        return Promise.resolve(options.subscriptions?.[subscriptionsAt++] ?? { ok: true, value: [subscription("Shop", sub)] });
      },
      listVaults: (_login, of, onPage) => {
        calls.push(`vaults of ${of.slice(-4)}`);
        const scripted = options.vaults?.[vaultsAt++];
        const pages = options.pages ?? [[vault("shop-dev-kv"), vault("shop-prod-kv", { purgeProtection: true, rbac: false })]];
        if (scripted?.ok !== false) for (const page of scripted?.value === undefined ? pages : [scripted.value]) onPage(page);
        return Promise.resolve(scripted ?? { ok: true, value: pages.flat() });
      },
      isVaultNameFree: () => Promise.resolve({ ok: true, value: false }),
    },
    credentials: {
      of: () => ({ kind: "vscode" }),
      byDefault: () => ({ kind: "vscode" }),
      ask: () => Promise.resolve(options.credential === null ? undefined : (options.credential ?? { kind: "azure-cli" })),
      remember: (of, choice) => {
        remembered.push([of.name, choice]);
        return Promise.resolve();
      },
    },
    fetched: (subscriptions, vaults) => fetched.push(...subscriptions.map(({ name }) => name), ...vaults.map(({ name }) => name)),
    approve: (target) => {
      calls.push(`approve ${target.name} ${target.tenant ?? "without tenant"}`);
      return Promise.resolve(options.approved ?? true);
    },
    readTest: (target) => {
      calls.push(`test ${target.name}`);
      return Promise.resolve(options.test ?? "passed");
    },
    connectorFiles: {
      show: (uri) => {
        calls.push(`show ${uri}`);
        return Promise.resolve(true);
      },
      read: (uri) => {
        const text = current.get(uri);
        if (text === undefined) return Promise.resolve(undefined);
        return Promise.resolve({
          text,
          offsetAt: () => text.indexOf("identifier:"),
          replace: (start, end, replacement) => {
            written.set(uri, text.slice(0, start) + replacement + text.slice(end));
            return Promise.resolve(true);
          },
          deleteFile: () => Promise.resolve(false),
          restoreFile: () => Promise.resolve(false),
        });
      },
    },
  });
  await actions.get(options.command ?? "keyline.newConnector")?.(options.argument);
  return { prompts, dialogs, drafts, calls, written, remembered, fetched };
}

const head: readonly Act[] = ["Account", "My AKV", enter, "", ""];
const specify: readonly Act[] = [...head, "Specify", enter, clientId.toUpperCase(), tenant, "account.azure_sp_secret", "Purge", ""];
const delegate: readonly Act[] = [...head, "Use the credentials", "Azure Global", "System", "Purge", ""];
const manual: readonly Act[] = ["Enter the vault's name", "my-vault", sub];

describe("a connector with its own credentials", () => {
  test("is fetched, tested and written", async () => {
    const { written, calls, prompts, dialogs, drafts, remembered, fetched } = await run({ acts: [...specify, "Fetch", "shop-dev-kv", "Test", "Write"] });
    expect(prompts.left()).toEqual([]);
    expect(calls).toEqual(["subscriptions of public as azure-cli", "vaults of 7777", `approve shop-dev-kv ${tenant}`, "test shop-dev-kv"]);
    expect([...written]).toEqual([["file:///w/.harness/connectors/My_AKV.yaml", `connector:
  name: My AKV
  identifier: My_AKV
  description: ""
  tags: {}
  type: AzureKeyVault
  spec:
    clientId: ${clientId}
    tenantId: ${tenant}
    secretKey: account.azure_sp_secret
    vaultName: shop-dev-kv
    subscription: ${sub}
    default: false
    azureEnvironmentType: AZURE
    delegateSelectors: []
    useManagedIdentity: false
    enablePurge: true
`]]);
    expect(dialogs.shown.at(-1)?.text).toBe(".harness/connectors/My_AKV.yaml is written. Reading works from this machine.");
    expect(drafts.content["keyline.connectorDraft"]).toBeUndefined();
    expect(remembered).toEqual([["shop-dev-kv", { kind: "azure-cli" }]]);
    expect(fetched).toEqual(["Shop", "shop-dev-kv", "shop-prod-kv"]);
  });

  test("shows the step it is at, of how many", async () => {
    const { prompts } = await run({ acts: [...specify, ...manual, "Go on", "Write"] });
    const heads = prompts.asked.map(({ head: { step, total } }) => `${String(step)}/${String(total)}`);
    expect(heads.slice(0, 5)).toEqual(["1/12", "2/11", "3/11", "4/11", "5/11"]);
    expect(heads.at(-1)).toBe("14/14");
  });
});

describe("a connector with a delegate's identity", () => {
  test("system-assigned: needs no application, and the vault's name may be typed", async () => {
    const { written, calls } = await run({ acts: [...delegate, ...manual, "Go on", "Write"] });
    expect([...written.values()][0]).toContain(`  spec:
    vaultName: my-vault
    subscription: ${sub}
    default: false
    azureEnvironmentType: AZURE
    delegateSelectors: []
    useManagedIdentity: true
    azureManagedIdentityType: SystemAssignedManagedIdentity
    vaultConfiguredManually: true
    enablePurge: true
`);
    expect(calls).toEqual([]);
  });

  test("user-assigned, in an organization of the US Government, with selectors and tags", async () => {
    const { written, calls } = await run({
      rows: [row("other")],
      acts: ["Organization", "default", "Gov", enter, "for tests", "team:shop, urgent", "Use the credentials", "US Government", "User", clientId, "Do not", "linux, gov, linux", "Fetch", tenant, "shop-dev-kv", "Go on", "Write"],
    });
    const [[uri, yaml] = []] = [...written];
    expect(uri).toBe("file:///w/.harness/orgs/default/connectors/Gov.yaml");
    for (const line of ["orgIdentifier: default", "description: for tests", "team: shop", 'urgent: ""', "azureEnvironmentType: AZURE_US_GOVERNMENT", "- linux\n      - gov", `managedClientId: ${clientId}`, "azureManagedIdentityType: UserAssignedManagedIdentity", "enablePurge: false"]) expect(yaml).toContain(line);
    expect(yaml).not.toMatch(/tenantId|clientId: (?!1)|secretKey|projectIdentifier/);
    expect(calls[0]).toBe("subscriptions of usgov as azure-cli");
  });

  test("in a project that is typed", async () => {
    const { written } = await run({ acts: ["Project", "default", "shop", "A", enter, "", "", ...delegate.slice(5), ...manual, "Go on", "Write"] });
    expect([...written.keys()]).toEqual(["file:///w/.harness/orgs/default/projects/shop/connectors/A.yaml"]);
  });
});

describe("going back", () => {
  test("keeps every answer, at every step", async () => {
    const acts: readonly Act[] = [...specify, ...manual, "Go on"];
    const { prompts, written } = await run({ acts: [...acts, ...Array.from({ length: 14 }, (): Act => back), ...Array.from({ length: 13 }, (): Act => enter), "Go on", "Write"] });
    expect(prompts.left()).toEqual([]);
    const yaml = [...written.values()][0];
    for (const line of ["name: My AKV", `clientId: ${clientId}`, "vaultName: my-vault", "vaultConfiguredManually: true"]) expect(yaml).toContain(line);
  });

  test("and choosing the other credentials leaves no field of the first", async () => {
    const { written } = await run({ acts: [...specify, back, back, back, back, back, back, back, "Use the credentials", enter, "System", enter, enter, ...manual, "Go on", "Write"] });
    expect([...written.values()][0]).not.toMatch(/clientId|tenantId|secretKey/);
  });
});

describe("Esc", () => {
  const whole: readonly Act[] = [...specify, "Fetch", "shop-dev-kv", "Test"];
  test.each(whole.map((_act, index) => index))("at box %i writes nothing and asks nobody any more; the draft is kept without a secret", async (index) => {
    const { written, drafts, calls } = await run({ acts: [...whole.slice(0, index), leave] });
    expect(written.size).toBe(0);
    if (index < whole.length - 2) expect(calls).toEqual([]);
    const draft = JSON.stringify(drafts.content["keyline.connectorDraft"] ?? "");
    expect(index === 0 || draft.includes("account")).toBe(true);
  });

  test("in the summary writes nothing", async () => {
    const { written } = await run({ acts: [...delegate, ...manual, "Go on", leave] });
    expect(written.size).toBe(0);
  });
});

describe("a draft", () => {
  test("can be gone on with at the step where it was left", async () => {
    const first = await run({ acts: [...specify.slice(0, 8)] });
    const { written, prompts, dialogs } = await run({ content: first.drafts.content, pick: "Go on", acts: [...specify.slice(8), ...manual, "Go on", "Write"] });
    expect(dialogs.shown[0]).toMatchObject({ text: "A connector is under way: My AKV", choices: ["Go on", "Start anew"] });
    expect(prompts.asked[0]?.prompt).toContain("Tenant ID");
    expect(written.size).toBe(1);
  });

  test("can be dropped, and the question can be left", async () => {
    const first = await run({ acts: [...specify.slice(0, 8)] });
    const anew = await run({ content: first.drafts.content, pick: "Start anew", acts: [leave] });
    expect(anew.prompts.asked[0]?.prompt).toContain("Scope");
    const left = await run({ content: first.drafts.content, acts: [] });
    expect(left.prompts.asked).toEqual([]);
  });
});

test("what is wrong is said at each box, and Enter does not pass", async () => {
  const { prompts } = await run({
    rows: [row("taken", { scope: { level: "account" } })],
    acts: ["Account", "", "Ünicode", "My AKV", "1st", "step", "a-b", "taken", enter, "", ":x", "", "Specify", enter, "no-guid", clientId, "common", tenant, "azure_sp", "org.azure_sp", "<+secrets.getValue(\"x\")>", "account.a.b", "account.azure_sp", "Purge", "", "Enter the vault's name", "https://my-vault.vault.azure.net/", "a--b", "my-vault", "no-guid", sub, leave],
  });
  expect(prompts.problems).toEqual([
    "Enter a name.",
    "A name has letters, digits, blanks, _, - and . only, and starts with no blank.",
    "An identifier does not start with a digit or $.",
    '"step" is a keyword of Harness. Choose another identifier.',
    "An identifier has letters, digits, _ and $ only.",
    "A connector of the workspace has this identifier in this scope. Choose another one.",
    "A tag has a key: write key:value or key.",
    "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.",
    "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.",
    "An account-level connector uses account secrets only: write account.azure_sp.",
    "An account-level connector uses account secrets only: write account.azure_sp.",
    "The key is an identifier, not an expression: write account.id, org.id or id.",
    "Write account.id, org.id or id: an identifier holds no dot.",
    "Write the name alone: my-vault.",
    "A vault's name has 3 to 24 letters, digits and single hyphens, starts with a letter and ends with a letter or digit.",
    "Enter a GUID, or leave it empty.",
  ]);
});

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
    expect(list?.labels).toHaveLength(302);
    expect(list?.details?.[300]).toBe("rg-shop · westeurope · access policies · purge protection: turn Purge Secrets off · private endpoint only · another tenant than the connector's");
    expect([...written.values()][0]).toContain("enablePurge: false");
  });

  test.each([
    ["no subscription is seen", { subscriptions: [{ ok: true, value: [] } as const] }, ["Fetch"]],
    ["listing is refused", { vaults: [denied] }, ["Fetch", "The vault is not listed"]],
    ["a subscription holds none", { vaults: [{ ok: true, value: [] } as const] }, ["Fetch", "No vault is listed"]],
  ])("explains that Reader is missing where %s, and offers the ready commands", async (_when, options, acts) => {
    const { prompts, dialogs } = await run({ ...options, acts: [...specify, ...acts, "Copy the PowerShell", "Copy the Azure CLI", "Open Access control", "Choose another way", leave] });
    expect(prompts.left()).toEqual([]);
    expect(prompts.asked.some(({ prompt }) => prompt.includes("it lacks the role Reader"))).toBe(true);
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
    const cancelled = await run({ subscriptions: [{ ok: false, reason: "loading", cause: "cancelled" }], acts: [...specify, "Fetch", back, leave] });
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
    expect(prompts.asked.at(-2)?.prompt).toContain("firewall does not let this machine's network in");
    expect(prompts.asked.at(-2)?.prompt).toContain("delegate");
    expect(prompts.asked.at(-1)?.labels).toContain("The test failed: blocked by the firewall. It is saved all the same.");
    expect(written.size).toBe(1);
    expect(dialogs.shown.at(-1)?.text).toContain("although the test failed");
  });

  test("asks for the approval first", async () => {
    const { calls, prompts } = await run({ approved: false, acts: [...delegate, ...manual, "Test", leave] });
    expect(calls).toEqual(["approve my-vault without tenant"]);
    expect(prompts.asked.at(-1)?.prompt).toBe("The vault was not approved, so it was not tested.");
  });
});

describe("the file", () => {
  const all = [...delegate, ...manual, "Go on"];
  const uri = "file:///w/.harness/connectors/My_AKV.yaml";

  test("that exists is not touched without asking: another document, overwritten, or another file", async () => {
    const files = { [uri]: "secret:\n  identifier: a\n" };
    const append = await run({ files, acts: [...all, "Write", "Add"] });
    expect(append.written.get(uri)).toMatch(/^secret:\n {2}identifier: a\n---\nconnector:\n/);
    const over = await run({ files, acts: [...all, "Write", "Overwrite"] });
    expect(over.written.get(uri)).toMatch(/^connector:/);
    const other = await run({ files, pickNew: "file:///w/mine.yaml", acts: [...all, "Write", "Choose another", "Write another"] });
    expect([...other.written.keys()]).toEqual(["file:///w/mine.yaml"]);
    const left = await run({ files, acts: [...all, "Write", leave] });
    expect(left.written.size).toBe(0);
  });

  test("can be in each folder of the workspace", async () => {
    const { prompts, written } = await run({ folders: ["file:///one", "file:///two"], acts: [...all, "Write two/"] });
    expect(prompts.asked.at(-1)?.labels?.slice(0, 2)).toEqual(["Write one/.harness/connectors/My_AKV.yaml", "Write two/.harness/connectors/My_AKV.yaml"]);
    expect([...written.keys()]).toEqual(["file:///two/.harness/connectors/My_AKV.yaml"]);
  });

  test("that cannot be written is said, and another can be chosen", async () => {
    const { written, dialogs } = await run({ failWrites: true, acts: [...all, "Write", "Write"] });
    expect(dialogs.shown.some(({ text }) => text.includes("could not write"))).toBe(true);
    expect(written.size).toBe(1);
  });

  test("is written in the summary's words, with what is missing", async () => {
    const { prompts } = await run({ acts: [...delegate, "Enter the vault's name", "my-vault", "", "Go on", leave] });
    expect(prompts.asked.at(-1)?.labels).toContain("Not tested. No subscription is named: Harness's code refuses that.");
    expect(prompts.asked.at(-1)?.labels).toContain("vaultName: my-vault");
  });
});

test.each(["keyline.newConnector", "keyline.editConnector", "keyline.setDefaultConnector"] as const)("%s does nothing in Restricted Mode but say so", async (command) => {
  const { dialogs, prompts, written } = await run({ trusted: false, command, rows: [row("a")], argument: item, acts: [] });
  expect(dialogs.shown).toEqual([{ kind: "tell", text: "Keyline changes no file in Restricted Mode. Trust this workspace first.", choices: [] }]);
  expect([prompts.asked.length, written.size]).toEqual([0, 0]);
});

describe("Edit Connector", () => {
  const text = `connector:
  name: Shop
  identifier: shop # ours
  type: AzureKeyVault
  spec:
    clientId: ${clientId}
    tenantId: ${tenant}
    secretKey: account.azure_sp
    vaultName: shop-dev-kv
    subscription: ${sub}
`;
  const settings = { clientId, tenantId: tenant, secretKey: "account.azure_sp", vaultName: "shop-dev-kv", subscription: sub };
  const shop = row("shop", { name: "Shop", scope: { level: "account" }, settings, vault: { name: "shop-dev-kv", cloud: "public", tenant }, secrets: [{ uri: "file:///w/s.yaml", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, text: "db" }] });
  const edit = { command: "keyline.editConnector", rows: [shop], argument: item, files: { [shop.uri]: text } } as const;

  test("opens the steps filled in, without scope and identifier, and changes what was changed", async () => {
    const { written, prompts } = await run({ ...edit, acts: ["Shop vault", enter, enter, enter, enter, enter, enter, enter, "Do not", enter, "Keep", "Go on"] });
    expect(prompts.asked[0]?.value).toBe("Shop");
    expect(prompts.asked.some(({ prompt }) => /Scope|Identifier/.test(prompt))).toBe(false);
    expect(prompts.asked.some(({ prompt }) => prompt.includes("Harness refuses another vault"))).toBe(true);
    expect(written.get(shop.uri)).toBe(text.replace("name: Shop", "name: Shop vault"));
  });

  test("to a delegate's identity takes the other fields away", async () => {
    const { written } = await run({ ...edit, acts: [enter, enter, enter, "Use the credentials", enter, "System", "Purge", enter, "Keep", "Go on"] });
    const edited = written.get(shop.uri) ?? "";
    expect(edited).not.toMatch(/clientId|tenantId|secretKey/);
    expect(edited).toContain("    useManagedIdentity: true\n");
    expect(edited).toContain("    azureManagedIdentityType: SystemAssignedManagedIdentity\n");
    expect(edited).toContain("identifier: shop # ours");
    expect(edited).toContain("enablePurge: true");
  });

  test("says so where nothing was changed, where the connector is gone, and for keyline.jsonc", async () => {
    const same = await run({ ...edit, acts: [enter, enter, enter, enter, enter, enter, enter, enter, enter, enter, "Keep", "Go on"] });
    expect(same.dialogs.shown.at(-1)?.text).toBe("Nothing was changed.");
    const gone = await run({ ...edit, files: {}, acts: ["Other", enter, enter, enter, enter, enter, enter, enter, enter, enter, "Keep", "Go on"] });
    expect(gone.dialogs.shown.at(-1)?.text).toBe("The connector is not in its file any more. Nothing was changed.");
    const listed = await run({ ...edit, rows: [row("shop", { uri: "file:///w/keyline.jsonc" })], acts: [] });
    expect(listed.dialogs.shown.at(-1)?.text).toContain("keyline.jsonc");
  });

  test("T28: takes no connector from what another extension passes", async () => {
    const { written, prompts } = await run({ ...edit, argument: { uri: "file:///etc/passwd", row: shop }, acts: [] });
    expect([written.size, prompts.asked.length]).toEqual([0, 0]);
  });
});

test("Set as Default changes both files after the question", async () => {
  const yaml = (identifier: string, isDefault: string): string => `connector:\n  identifier: ${identifier}\n  type: AzureKeyVault\n  spec:\n    vaultName: ${identifier}-kv\n${isDefault}`;
  const one = row("one", { settings: { vaultName: "one-kv" } });
  const two = row("two", { settings: { vaultName: "two-kv", default: true } });
  const elsewhere = row("three", { settings: { default: true }, scope: { level: "account" } });
  const options = { command: "keyline.setDefaultConnector", rows: [one, two, elsewhere], argument: item, files: { [one.uri]: yaml("one", ""), [two.uri]: yaml("two", "    default: true\n") }, acts: [] } as const;
  const { written, dialogs } = await run({ ...options, confirm: true });
  expect(dialogs.shown[0]?.text).toContain("one.yaml: default: true\ntwo.yaml: default: false");
  expect([...written]).toEqual([[one.uri, yaml("one", "    default: true\n")], [two.uri, yaml("two", "    default: false\n")]]);
  expect((await run({ ...options, confirm: false })).written.size).toBe(0);
});

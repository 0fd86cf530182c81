/** The wizard as a person goes through it, over scripted boxes and a scripted Azure. */
import { describe, expect, test } from "vitest";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import type { Act } from "./scriptedPrompts.ts";
import { back, enter, leave } from "./scriptedPrompts.ts";
import { clientId, manual, delegate, row, run, specify, sub, tenant } from "./wizardScene.ts";

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
    expect(heads.slice(0, 5)).toEqual(["1/13", "2/12", "3/12", "4/12", "5/12"]);
    expect(heads.at(-1)).toBe("15/15");
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
      acts: ["Organization", "default", "Gov", enter, "for tests", "team:shop, urgent", "Use the credentials", "US Government", "", "User", clientId, "Do not", "linux, gov, linux", "Fetch", tenant, "shop-dev-kv", "Go on", "Write"],
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
    const { prompts, written } = await run({ acts: [...acts, ...Array.from({ length: 15 }, (): Act => back), ...Array.from({ length: 14 }, (): Act => enter), "Go on", "Write"] });
    expect(prompts.left()).toEqual([]);
    const yaml = [...written.values()][0];
    for (const line of ["name: My AKV", `clientId: ${clientId}`, "vaultName: my-vault", "vaultConfiguredManually: true"]) expect(yaml).toContain(line);
  });

  test("and choosing the other credentials leaves no field of the first", async () => {
    const { written } = await run({ acts: [...specify, back, back, back, back, back, back, back, back, "Use the credentials", enter, enter, "System", enter, enter, ...manual, "Go on", "Write"] });
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

  test("that lacks only the file goes on at its last step, and its test is not taken for new", async () => {
    const first = await run({ acts: [...delegate, ...manual, "Test", leave] });
    expect(first.drafts.content["keyline.connectorDraft"]).toMatchObject({ draft: { test: "passed" }, step: "test" });
    const { prompts } = await run({ content: first.drafts.content, pick: "Go on", acts: [leave] });
    expect(prompts.asked.map(({ prompt, labels }) => [prompt, labels?.[1]])).toEqual([["Test Connection: reads from this machine, writes nothing", "Go on without a test"]]);
  });

  test("of another form than this version's is gone through again from the first box", async () => {
    const content = { "keyline.connectorDraft": { draft: { level: "everything", name: 7, description: "kept" }, step: "test" } };
    const { prompts } = await run({ content, pick: "Go on", acts: ["Account", "A", enter, leave] });
    expect(prompts.asked.map(({ value }) => value)).toEqual([undefined, "", "A", "kept"]);
    for (const stored of [null, "x", [], { draft: "x" }, { draft: [] }]) expect((await run({ content: { "keyline.connectorDraft": stored }, acts: [leave] })).dialogs.shown).toEqual([]);
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
    acts: ["Account", "", "Ünicode", "My AKV", "1st", "step", "a-b", "taken", enter, "", ":x", "", "Specify", enter, "no-guid", clientId, "common", tenant, "no-guid", "", "azure_sp", "org.azure_sp", "<+secrets.getValue(\"x\")>", "account.a.b", "account.azure_sp", "Purge", "", "Enter the vault's name", "https://my-vault.vault.azure.net/", "a--b", "my-vault", "Enter its ID", "", "no-guid", sub, leave],
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
    "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.",
    "An account-level connector uses account secrets only: write account.azure_sp.",
    "An account-level connector uses account secrets only: write account.azure_sp.",
    "The key is an identifier, not an expression: write account.id, org.id or id.",
    "Write account.id, org.id or id: an identifier holds no dot.",
    "Write the name alone: my-vault.",
    "A vault's name has 3 to 24 letters, digits and single hyphens, starts with a letter and ends with a letter or digit.",
    "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.",
    "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.",
  ]);
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
    expect(dialogs.shown.some(({ text }) => text.includes("could not read or write"))).toBe(true);
    expect(written.size).toBe(1);
  });

  test("is written in the summary's words, with what is missing", async () => {
    const { prompts } = await run({ acts: [...delegate, "Enter the vault's name", "my-vault", "Leave it out", "Go on", leave] });
    expect(prompts.asked.at(-1)?.labels).toContain("Not tested. No subscription is named: Harness's code refuses that.");
    expect(prompts.asked.at(-1)?.labels).toContain("vaultName: my-vault");
    expect(prompts.asked.at(-1)?.labels).not.toContain("spec:");
  });

  test("that cannot be read is not taken for absent: nothing is written over it", async () => {
    const { written, dialogs } = await run({ unreadable: uri, acts: [...all, "Write", leave] });
    expect(written.size).toBe(0);
    expect(dialogs.shown.at(-1)?.text).toBe("VS Code could not read or write .harness/connectors/My_AKV.yaml. Choose another file.");
  });

  test("keeps its line ends and its last block of text where a document is added", async () => {
    const windows = await run({ files: { [uri]: "a: |+\r\n  x\r\n\r\n" }, acts: [...all, "Write", "Add"] });
    expect(windows.written.get(uri)).toMatch(/^a: \|\+\r\n {2}x\r\n\r\n---\r\nconnector:\r\n(?:[^\n]*\r\n)+$/);
    const blank = await run({ files: { [uri]: " \n" }, acts: [...all, "Write", "Add"] });
    expect(blank.written.get(uri)).toMatch(/^connector:/);
  });
});

describe("the key", () => {
  const user = (identifier: string, scope: ConnectorRow["scope"], secretKey: string): ConnectorRow => row(identifier, { scope, settings: { secretKey } });
  const rows = [
    user("a", { level: "account" }, "account.sp"),
    user("b", { level: "project", org: "default", project: "shop" }, "account.sp"),
    user("c", { level: "project", org: "default", project: "shop" }, "own"),
    user("d", { level: "org", org: "default" }, "org.sp"),
    user("e", { level: "org", org: "other" }, "org.elsewhere"),
    user("f", { level: "project", org: "default", project: "other" }, "elsewhere"),
    user("g", { level: "account" }, "<+secrets.getValue(\"x\")>"),
  ];

  test.each([
    ["Account", [] as string[], ["account.sp"]],
    ["Organization", ["default"], ["account.sp", "org.sp"]],
    ["Project", ["default", "shop"], ["account.sp", "org.sp", "own"]],
  ])("of a connector at level %s is offered from those in use that mean the same secret there", async (level, places, known) => {
    const acts: readonly Act[] = [level, ...places, "My AKV", enter, "", "", "Specify", enter, clientId, tenant, ""];
    const { prompts } = await run({ rows, acts: [...acts, "Another", "account.new", leave] });
    expect(prompts.asked.find(({ prompt }) => prompt.startsWith("Key:"))?.labels).toEqual([...known, "Another secret…"]);
    expect(prompts.asked.at(-1)?.prompt).toContain("Purge Secrets");
  });

  test("is written as it was picked", async () => {
    const { written, prompts } = await run({ rows, acts: ["Account", "My AKV", enter, "", "", "Specify", enter, clientId, tenant, sub, "account.sp", "Purge", "", "Enter the vault's name", "my-vault", "Go on", "Write"] });
    expect(prompts.asked.find(({ prompt }) => prompt.startsWith("Key:"))?.details?.[0]).toBe("used by a, b");
    expect([...written.values()][0]).toContain("secretKey: account.sp\n");
  });
});

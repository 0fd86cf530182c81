import { describe, expect, test } from "vitest";
import { createClientSecrets } from "../../client/src/azure/clientSecrets.ts";
import { credentialSubject, registerCredentialCommands } from "../../client/src/azure/credentialCommands.ts";
import { createCredentialStore } from "../../client/src/azure/credentialStore.ts";
import { createVaultCredentials } from "../../client/src/azure/vaultCredentials.ts";
import type { CredentialPurpose } from "../../client/src/azure/vaultCredentials.ts";
import type { Register } from "../../client/src/register.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const clientId = "11111111-2222-3333-4444-666666666666";
const canary = "canary-4f1c9be07d5a";
const shop: VaultTarget = { name: "shop-kv", cloud: "public", tenant };
const purpose: CredentialPurpose = { title: "Credential", cloud: "public", tenant, clientId, mayTry: true };
const ofApp: CredentialChoice = { kind: "client-secret", tenant, clientId };

interface Options extends FakeAnswers {
  readonly environment?: Readonly<Record<string, string>>;
  readonly probe?: (choice: CredentialChoice) => "works" | FaultCause;
  readonly stored?: Record<string, string>;
  readonly broken?: boolean;
  readonly content?: Record<string, unknown>;
}

function world(options: Options = {}) {
  const dialogs = createFakeDialogs(options);
  const memento = createFakeStore(options.content);
  const kept = new Map(Object.entries(options.stored ?? {}));
  const fails = (): Promise<never> => Promise.reject(new Error("no keyring"));
  const secrets = createClientSecrets(
    options.broken === true
      ? { get: fails, store: fails, delete: fails }
      : {
          get: (key) => Promise.resolve(kept.get(key)),
          store: (key, value) => {
            kept.set(key, value);
            return Promise.resolve();
          },
          delete: (key) => {
            kept.delete(key);
            return Promise.resolve();
          },
        },
  );
  const probed: CredentialChoice[] = [];
  const credentials = createVaultCredentials({
    store: createCredentialStore(memento),
    secrets,
    dialogs,
    byDefault: () => ({ kind: "vscode" }),
    environment: options.environment ?? {},
    probe: (choice) => {
      probed.push(choice);
      return Promise.resolve(options.probe?.(choice) ?? "works");
    },
  });
  return { dialogs, memento, kept, secrets, credentials, probed };
}

describe("the choice", () => {
  test("is the setting's until one is made, and is kept for the vault whatever its letters' case", async () => {
    const { credentials, memento } = world();
    expect(credentials.of(shop)).toEqual({ kind: "vscode" });
    await credentials.remember(shop, ofApp);
    expect(credentials.of({ name: "SHOP-KV", cloud: "public" })).toEqual(ofApp);
    expect(credentials.of({ name: "shop-kv", cloud: "usgov" })).toEqual({ kind: "vscode" });
    await credentials.remember(shop, undefined);
    expect(credentials.chosen(shop)).toBeUndefined();
    expect(memento.content).toEqual({ "keyline.vaultCredentials": {} });
  });

  test.each([
    [{ kind: "client-secret", tenant: "--debug", clientId }],
    [{ kind: "client-secret", tenant }],
    [{ kind: "client-certificate", tenant, clientId }],
    [{ kind: "managed-identity", clientId: "x" }],
    [{ kind: "other" }],
    ["azure-cli"],
    [null],
  ])("that is not whole counts as none: %j", (stored) => {
    const { credentials } = world({ content: { "keyline.vaultCredentials": { "public/shop-kv": stored } } });
    expect(credentials.of(shop)).toEqual({ kind: "vscode" });
  });
});

describe("the quick pick", () => {
  test("says which would work now, and asks no machine's endpoint", async () => {
    const { credentials, dialogs, probed } = world({ probe: (choice) => (choice.kind === "vscode" ? "works" : "not-signed-in") });
    expect(await credentials.ask(purpose)).toBeUndefined();
    expect(dialogs.shown[0]?.choices).toEqual([
      "VS Code's Microsoft account: works now",
      "Azure CLI: not signed in",
      "Client secret: you are asked for it",
      "Client certificate: you pick its file",
      "Managed identity: on an Azure machine only; tried when you choose it",
      "Workload identity: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE not set",
      "Environment: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET not set",
    ]);
    expect(probed.map(({ kind }) => kind)).toEqual(["vscode", "azure-cli"]);
  });

  test("tries what is set in the environment, and what is chosen now", async () => {
    const environment = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: canary };
    const { credentials, dialogs } = world({ environment, probe: (choice) => (choice.kind === "client-secret" ? "expired-client-secret" : "works") });
    await credentials.ask({ ...purpose, current: ofApp });
    expect(dialogs.shown[0]?.choices).toContain("Client secret: chosen now · client secret expired");
    expect(dialogs.shown[0]?.choices).toContain("Environment: its variables are set");
    expect(dialogs.shown[0]?.choices).toContain("Workload identity: AZURE_FEDERATED_TOKEN_FILE not set");
  });

  test("probes nothing where the connector names no tenant", async () => {
    const { credentials, probed } = world();
    await credentials.ask({ title: "Credential", cloud: "public", mayTry: true });
    expect(probed).toEqual([]);
  });
});

test("T02: nobody is asked in the tenant of a vault that is not approved", async () => {
  const environment = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: canary };
  const { credentials, dialogs, probed } = world({ environment });
  await credentials.ask({ ...purpose, mayTry: false, current: ofApp });
  expect(probed).toEqual([]);
  expect(dialogs.shown[0]?.choices.slice(0, 3)).toEqual([
    "VS Code's Microsoft account: tried once the vault is approved",
    "Azure CLI: tried once the vault is approved",
    "Client secret: chosen now · tried once the vault is approved",
  ]);
});

describe("a client secret", () => {
  test("goes to the secret storage alone", async () => {
    const { credentials, dialogs, memento, kept } = world({ pick: "Client secret", input: [clientId.toUpperCase(), canary] });
    const choice = await credentials.ask(purpose);
    expect(choice).toEqual(ofApp);
    await credentials.remember(shop, choice);
    expect([...kept.values()]).toEqual([canary]);
    expect(JSON.stringify([choice, memento.content, dialogs.shown, [...kept.keys()]])).not.toContain(canary);
  });

  test("is not stored where the person leaves a box", async () => {
    for (const input of [[], [clientId]]) {
      const { credentials, kept } = world({ pick: "Client secret", input });
      expect(await credentials.ask(purpose)).toBeUndefined();
      expect(kept.size).toBe(0);
    }
  });

  test("that is stored already can be used again or replaced", async () => {
    const stored = { [`clientSecret/${tenant}/${clientId}`]: "older" };
    const again = world({ stored, pick: ["Client secret", "Use it"], input: clientId });
    expect(await again.credentials.ask(purpose)).toEqual(ofApp);
    expect([...again.kept.values()]).toEqual(["older"]);
    const other = world({ stored, pick: ["Client secret", "Enter another"], input: [clientId, "newer"] });
    await other.credentials.ask(purpose);
    expect([...other.kept.values()]).toEqual(["newer"]);
  });

  test("T21: a storage that fails is told once, and no choice is made of it", async () => {
    const { credentials, dialogs, secrets } = world({ broken: true, pick: "Client secret", input: [clientId, canary] });
    expect(await credentials.ask(purpose)).toBeUndefined();
    expect(dialogs.shown.filter(({ kind }) => kind === "tell")).toHaveLength(1);
    expect(await secrets.get(ofApp)).toBeUndefined();
  });

  test("T21: one that the storage does not let go of is said to be still there", async () => {
    const { secrets } = world({ broken: true });
    expect(await secrets.forget(ofApp)).toBe(false);
  });

  test("invalid input is told where it is typed", async () => {
    const { credentials, dialogs } = world({ pick: "Client secret", input: "no-guid" });
    expect(await credentials.ask(purpose)).toBeUndefined();
    expect(dialogs.shown[1]?.text).toContain("Enter a GUID");
  });
});

test("a certificate, and managed identities of both kinds, are asked for step by step", async () => {
  const certificate = world({ pick: "Client certificate", input: clientId, file: "/home/me/app.pem" });
  expect(await certificate.credentials.ask(purpose)).toEqual({ kind: "client-certificate", tenant, clientId, path: "/home/me/app.pem" });
  const system = world({ pick: ["Managed identity", "System-assigned"] });
  expect(await system.credentials.ask(purpose)).toEqual({ kind: "managed-identity" });
  const user = world({ pick: ["Managed identity", "User-assigned"], input: clientId });
  expect(await user.credentials.ask(purpose)).toEqual({ kind: "managed-identity", clientId });
  expect(user.probed.map(({ kind }) => kind)).not.toContain("managed-identity");
});

describe("Choose My Credential for a Vault", () => {
  const item = {};

  async function run(options: Options & { readonly trusted?: boolean; readonly argument?: unknown; readonly chosen?: CredentialChoice; readonly vaults?: readonly VaultTarget[] }) {
    const made = world(options);
    if (options.chosen !== undefined) await made.credentials.remember(shop, options.chosen);
    const changed: string[] = [];
    const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
    const register: Register = (id, action) => {
      actions.set(id, action);
    };
    registerCredentialCommands(register, {
      ...made,
      isTrusted: () => options.trusted ?? true,
      subjectOf: (argument) => (argument === item ? { vault: shop, clientId } : undefined),
      isApproved: () => true,
      subjects: () => Promise.resolve((options.vaults ?? [shop]).map((vault) => ({ vault }))),
      changed: (vault) => {
        changed.push(vault.name);
      },
    });
    await actions.get("keyline.chooseVaultCredential")?.(options.argument);
    return { ...made, changed };
  }

  test("from the tree shows vault, tenant and the note about delegates", async () => {
    const { credentials, dialogs, changed } = await run({ argument: item, pick: "Azure CLI" });
    expect(credentials.of(shop)).toEqual({ kind: "azure-cli" });
    expect(dialogs.shown[0]?.text).toBe(`Credential for vault shop-kv, tenant ${tenant}, on this machine`);
    expect(dialogs.shown.at(-1)?.text).toMatch(/^shop-kv is opened with: Azure CLI\. Harness reaches the vault from a delegate/);
    expect(changed).toEqual(["shop-kv"]);
  });

  test("T28: takes nothing else from an argument", async () => {
    const { credentials, changed } = await run({ argument: { vault: { name: "evil-kv", cloud: "public" }, choice: ofApp }, vaults: [] });
    expect(credentials.chosen(shop)).toBeUndefined();
    expect(changed).toEqual([]);
  });

  test("gives a choice up, and forgets the client secret on request", async () => {
    const reset = await run({ chosen: { kind: "azure-cli" }, pick: "Use the setting keyline.credential again" });
    expect(reset.credentials.chosen(shop)).toBeUndefined();
    const stored = { [`clientSecret/${tenant}/${clientId}`]: canary };
    const forget = await run({ chosen: ofApp, stored, pick: "Forget the stored client secret" });
    expect([forget.credentials.chosen(shop), forget.kept.size]).toEqual([undefined, 0]);
  });

  test("changes nothing where the person leaves, or in Restricted Mode", async () => {
    for (const options of [{}, { trusted: false, pick: "Azure CLI" }, { chosen: ofApp, pick: ["Choose another credential"] }]) {
      const { credentials, changed } = await run(options);
      expect(credentials.chosen(shop)).toEqual("chosen" in options ? ofApp : undefined);
      expect(changed).toEqual([]);
    }
  });

  test("a connector without a vault is no subject", () => {
    expect(credentialSubject(undefined)).toBeUndefined();
  });
});

/** The wizard over scripted boxes, files and a scripted Azure. */
import { registerConnectorWizard } from "../../client/src/connectors/wizard/connectorWizard.ts";
import type { WorkspaceFiles } from "../../client/src/connectors/wizard/workspaceFiles.ts";
import type { AzureSubscription, AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import type { ConnectorRow } from "../../server/src/protocol/messages.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import { createClientSecrets } from "../../client/src/azure/clientSecrets.ts";
import { createCredentialStore } from "../../client/src/azure/credentialStore.ts";
import { createVaultCredentials } from "../../client/src/azure/vaultCredentials.ts";
import type { Dialogs } from "../../client/src/ui/dialogs.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { Act } from "./scriptedPrompts.ts";
import { enter, scriptedPrompts } from "./scriptedPrompts.ts";


export const tenant = "11111111-2222-3333-4444-555555555555";
export const clientId = "11111111-2222-3333-4444-666666666666";
export const sub = "11111111-2222-3333-4444-777777777777";
export const item = {};

export function subscription(name: string, id: string, state = "Enabled"): AzureSubscription {
  return { id, name, tenant, cloud: "public", state };
}

export function vault(name: string, more: Partial<AzureVault> = {}): AzureVault {
  return { name, cloud: "public", subscription: sub, resourceGroup: "rg-shop", location: "westeurope", tenant, rbac: true, purgeProtection: false, publicAccess: true, ...more };
}

export function row(identifier: string, more: Partial<ConnectorRow> = {}): ConnectorRow {
  return { key: identifier, folder: "file:///w", scope: { level: "project", org: "default", project: "shop" }, identifier, type: "AzureKeyVault", uri: `file:///w/${identifier}.yaml`, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, secrets: [], references: [], ...more };
}

/** Where the identifier stands, as the server tells it. */
export function rangeOf(text: string, identifier: string): ConnectorRow["range"] {
  const before = text.slice(0, text.indexOf(`identifier: ${identifier}`)).split("\n");
  const position = (length: number) => ({ line: before.length - 1, character: (before.at(-1) ?? "").length + "identifier: ".length + length });
  return { start: position(0), end: position(identifier.length) };
}

function realCredentials(values: Map<string, string>, dialogs: Dialogs) {
  const secrets = createClientSecrets({ get: (key) => Promise.resolve(values.get(key)), store: (key, value) => Promise.resolve(void values.set(key, value)), delete: (key) => Promise.resolve(void values.delete(key)) });
  return createVaultCredentials({ store: createCredentialStore(createFakeStore()), secrets, dialogs, byDefault: () => ({ kind: "vscode" }), environment: {}, probe: () => Promise.resolve("works") });
}

export interface Options extends FakeAnswers {
  readonly acts: readonly Act[];
  readonly rows?: readonly ConnectorRow[] | (() => readonly ConnectorRow[]);
  /** Called when keyline.jsonc has been written. */
  readonly onConfig?: () => void;
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
  readonly unreadable?: string;
  /** Where client secrets are kept; given, the credential is chosen by Keyline's own dialogs. */
  readonly secrets?: Map<string, string>;
  readonly command?: "keyline.newConnector" | "keyline.editConnector" | "keyline.setDefaultConnector";
  readonly argument?: unknown;
}

export async function run(options: Options) {
  const prompts = scriptedPrompts(options.acts);
  const dialogs = createFakeDialogs(options);
  const drafts = createFakeStore(options.content);
  const calls: string[] = [];
  const written = new Map<string, string>();
  const configs = new Map<string, string>();
  /** keyline.jsonc is told apart from the YAML that was written. */
  const record = (uri: string, text: string): void => {
    (uri.endsWith("/keyline.jsonc") ? configs : written).set(uri, text);
    if (uri.endsWith("/keyline.jsonc")) options.onConfig?.();
  };
  /** How many files each edit has changed. */
  const edits: number[] = [];
  const remembered: [string, CredentialChoice | undefined][] = [];
  const fetched: string[] = [];
  const current = new Map(Object.entries(options.files ?? {}));
  let subscriptionsAt = 0;
  let vaultsAt = 0;
  const files: WorkspaceFiles = {
    folders: () => (options.folders ?? ["file:///w"]).map((uri) => ({ uri, name: uri.split("/").at(-1) ?? "" })),
    join: (folder, path) => `${folder}/${path}`,
    read: (uri) => {
      if (options.unreadable === uri) return Promise.resolve({ kind: "unreadable" });
      const text = current.get(uri);
      return Promise.resolve(text === undefined ? { kind: "absent" } : { kind: "text", text });
    },
    create: (uri, text) => {
      if (current.has(uri)) throw new Error(`${uri} is there`);
      if (options.failWrites === true && !calls.includes("write failed")) {
        calls.push("write failed");
        return Promise.resolve(false);
      }
      record(uri, text);
      current.set(uri, text);
      return Promise.resolve(true);
    },
    rewrite: (rewrites) => {
      edits.push(rewrites.length);
      if (rewrites.some(({ uri, from }) => current.get(uri) !== from)) return Promise.resolve(false);
      for (const { uri, to } of rewrites) {
        record(uri, to);
        current.set(uri, to);
      }
      return Promise.resolve(true);
    },
    save: () => Promise.resolve(true),
    show: () => Promise.resolve(),
    pickNew: () => Promise.resolve(options.pickNew),
  };
  const rows = (): readonly ConnectorRow[] => (typeof options.rows === "function" ? options.rows() : (options.rows ?? []));
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerConnectorWizard((id, action) => void actions.set(id, action), {
    prompts, dialogs, drafts, files,
    isTrusted: () => options.trusted ?? true,
    source: { rows, load: () => Promise.resolve(rows()), of: (argument) => (argument === item ? rows()[0] : undefined) },
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
    credentials: options.secrets !== undefined ? realCredentials(options.secrets, dialogs) : {
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
          offsetAt: ({ line, character }) => text.split("\n").slice(0, line).join("\n").length + (line === 0 ? 0 : 1) + character,
          replace: () => Promise.resolve(false),
          deleteFile: () => Promise.resolve(false),
          restoreFile: () => Promise.resolve(false),
        });
      },
    },
  });
  await actions.get(options.command ?? "keyline.newConnector")?.(options.argument);
  return { prompts, dialogs, drafts, calls, written, configs, edits, remembered, fetched };
}

const head: readonly Act[] = ["Account", "My AKV", enter, "", ""];
export const specify: readonly Act[] = [...head, "Specify", enter, clientId.toUpperCase(), tenant, "", "account.azure_sp_secret", "Purge", ""];
export const delegate: readonly Act[] = [...head, "Use the credentials", "Azure Global", "", "System", "Purge", ""];
export const manual: readonly Act[] = ["Enter the vault's name", "my-vault", "Enter its ID", sub];

/** The steps to secret entities over scripted boxes, files in memory and a scripted vault. */
import type { EntityContext } from "../../client/src/entities/entityContext.ts";
import type { WorkspaceFiles } from "../../client/src/connectors/wizard/workspaceFiles.ts";
import type { SecretSubject } from "../../client/src/secrets/secretSource.ts";
import type { JsonShape, SecretAttributes, SecretVersion } from "../../server/src/core/model/facts.ts";
import type { ConnectorRow, SecretEntityRow } from "../../server/src/protocol/messages.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import { connectorRow } from "./connectorRow.ts";
import type { FakeAnswers } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import type { Act } from "./scriptedPrompts.ts";
import { scriptedPrompts } from "./scriptedPrompts.ts";

/** 2026-11-24. */
export const now = Date.UTC(2026, 10, 24);
export const versionHex = "0123456789abcdef0123456789abcdef";
/** The tree's item of the scene. */
export const item = {};
export const vaultItem = {};
export const forbidden = { ok: false, reason: "forbidden", cause: "rbac" } as const;

export interface EntityOptions extends FakeAnswers {
  readonly acts?: readonly Act[];
  readonly rows?: readonly ConnectorRow[];
  readonly known?: readonly SecretEntityRow[];
  readonly secrets?: Outcome<readonly SecretAttributes[]>;
  readonly versions?: Outcome<readonly SecretVersion[]>;
  readonly shape?: Outcome<JsonShape>;
  readonly keysAllowed?: boolean;
  readonly agreesToKeys?: boolean;
  readonly approves?: boolean;
  readonly trusted?: boolean;
  readonly files?: Readonly<Record<string, string>>;
  readonly subject?: SecretSubject;
}

export function entityScene(options: EntityOptions) {
  const prompts = scriptedPrompts(options.acts ?? []);
  const dialogs = createFakeDialogs(options);
  const calls: string[] = [];
  const written = new Map<string, string>();
  const configs = new Map<string, string>();
  const current = new Map(Object.entries(options.files ?? {}));
  const rows = options.rows ?? [connectorRow()];
  let keysAllowed = options.keysAllowed ?? false;
  const put = (uri: string, text: string): boolean => {
    (uri.endsWith("/keyline.jsonc") ? configs : written).set(uri, text);
    current.set(uri, text);
    return true;
  };
  const files: WorkspaceFiles = {
    folders: () => [{ uri: "file:///w", name: "w" }],
    join: (folder, path) => `${folder}/${path}`,
    read: (uri) => {
      const text = current.get(uri);
      return Promise.resolve(text === undefined ? { kind: "absent" } : { kind: "text", text });
    },
    create: (uri, text) => Promise.resolve(put(uri, text)),
    rewrite: (rewrites) => Promise.resolve(rewrites.every(({ uri, from, to }) => current.get(uri) === from && put(uri, to))),
    save: () => Promise.resolve(true),
    show: (uri) => {
      calls.push(`show ${uri}`);
      return Promise.resolve();
    },
    pickNew: () => Promise.resolve(undefined),
  };
  const context: EntityContext = {
    prompts,
    dialogs,
    files,
    isTrusted: () => options.trusted ?? true,
    connectors: { load: () => Promise.resolve(rows) },
    knownSecrets: () => Promise.resolve(options.known ?? []),
    source: {
      subjectOf: (argument) => (argument === item ? options.subject : undefined),
      vaultOf: (argument) => (argument === vaultItem ? connectorRow().vault : undefined),
      secrets: (vault) => {
        calls.push(`list ${vault.name}`);
        return Promise.resolve(options.secrets ?? { ok: true, value: [{ name: "db-password", enabled: true, created: now }, { name: "cfg", enabled: false, expires: now }] });
      },
      versions: (_vault, name) => {
        calls.push(`versions of ${name}`);
        return Promise.resolve(options.versions ?? { ok: true, value: [{ version: versionHex, enabled: true, created: now }] });
      },
    },
    approve: (vault) => {
      calls.push(`approve ${vault.name}`);
      return Promise.resolve(options.approves ?? true);
    },
    jsonKeys: {
      allowed: () => keysAllowed,
      ask: () => {
        calls.push("ask for keys");
        keysAllowed = options.agreesToKeys ?? false;
        return Promise.resolve(keysAllowed);
      },
      read: (_vault, name, version) => {
        calls.push(`keys of ${name}${version === undefined ? "" : `/${version}`}`);
        return Promise.resolve(options.shape ?? { ok: true, value: { kind: "json", keys: [{ name: "user" }, { name: "db", children: [{ name: "host" }, { name: "a.b" }] }, { name: "x/y" }] } });
      },
    },
    now: () => now,
  };
  return { context, prompts, dialogs, calls, written, configs };
}

/** What was told at last. */
export function told(dialogs: ReturnType<typeof createFakeDialogs>): string | undefined {
  return dialogs.shown.findLast(({ kind }) => kind === "tell")?.text;
}

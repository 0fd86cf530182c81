import type { SecretUse } from "../../server/src/protocol/messages.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { FileResult } from "../../server/src/host/files.ts";
import { createVaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import type { ApprovalStore } from "../../client/src/azure/vaultApprovals.ts";
import { createCopiedValue } from "../../client/src/secrets/copiedValue.ts";
import { registerSecretCommands } from "../../client/src/secrets/secretCommands.ts";
import type { SecretCommandsContext } from "../../client/src/secrets/secretCommandsContext.ts";
import { createSecretJournal } from "../../client/src/secrets/secretJournal.ts";
import type { KnownVault, SecretSubject } from "../../client/src/secrets/secretSource.ts";
import { createTurns } from "../../client/src/runs/turns.ts";
import type { Clipboard } from "../../client/src/ui/clipboard.ts";
import type { Revealed } from "../../client/src/ui/revealBox.ts";
import { ManualClock } from "../vault/manualClock.ts";
import type { FakeAnswers, FakeDialogs } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { FakeSecret, FakeVaultWrites, FakeWritesScript } from "./fakeVaultWrites.ts";
import { createFakeVaultWrites, fakeVersion } from "./fakeVaultWrites.ts";
import type { Act, ScriptedPrompts } from "./scriptedPrompts.ts";
import { scriptedPrompts } from "./scriptedPrompts.ts";

export const tenant = "11111111-2222-3333-4444-555555555555";
export const shop: VaultTarget = { name: "shop-vault", cloud: "public", tenant };
export const other: VaultTarget = { name: "other-vault", cloud: "public", tenant };
/** What may stand nowhere but in the vault, the clipboard and the box that reveals. */
export const canary = "canary-7d1f\u00e9 value";

/** Items of our own tree. */
export const vaultItem = { item: "vault" };
export const dbItem = { item: "db" };
export const oldVersionItem = { item: "db, first version" };

export function useOf(line: number, more: Partial<SecretUse> = {}): SecretUse {
  return { uri: "file:///w/deploy.yaml", range: { start: { line, character: 0 }, end: { line, character: 10 } }, text: "account.db", ...more };
}

/** `db` with two versions. */
export const db: FakeSecret = {
  name: "db",
  versions: [fakeVersion(2, canary, { contentType: "text/plain", tags: [["team", "shop"], ["keyline-run", "f".repeat(32)]], expires: Date.UTC(2027, 0, 31) }), fakeVersion(1, "older")],
};
export const deletedDb: FakeSecret = { ...db, deleted: { scheduledPurge: Date.UTC(2027, 0, 30), recoveryLevel: "Recoverable+Purgeable" } };

export interface SecretSceneOptions extends FakeAnswers {
  readonly acts?: readonly Act[];
  readonly script?: FakeWritesScript;
  readonly secrets?: readonly FakeSecret[];
  readonly writes?: FakeVaultWrites;
  readonly vaults?: readonly KnownVault[];
  readonly approved?: readonly VaultTarget[];
  readonly trusted?: () => boolean;
  readonly clipboard?: string;
  readonly place?: "local" | "remote" | "browser";
  /** By path; what is missing is not found. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly confirmReveal?: boolean;
  /** What the person does in the box that reveals. Without it, it stays open until it hides itself. */
  readonly inRevealBox?: "copy" | "hidden";
  readonly store?: ApprovalStore & { readonly content: Record<string, unknown> };
  readonly clock?: ManualClock;
  readonly session?: string;
}

export interface SecretScene {
  readonly context: SecretCommandsContext;
  readonly dialogs: FakeDialogs;
  readonly prompts: ScriptedPrompts;
  readonly writes: FakeVaultWrites;
  readonly clock: ManualClock;
  readonly store: ApprovalStore & { readonly content: Record<string, unknown> };
  readonly logged: string[];
  readonly revealed: (Revealed & { isOpen: boolean })[];
  readonly clipboard: { text: string; readonly written: string[]; readable: boolean };
  /** The secrets that a reference was offered to. */
  readonly offered: SecretSubject[];
  /** Runs a command of the palette or the tree; answers what VS Code would hand to its caller. */
  readonly run: (command: string, argument?: unknown) => Promise<unknown>;
  /** The last notification. */
  readonly end: () => { readonly text: string; readonly choices: readonly string[] };
  /** Everything that was shown or kept, but for the box that reveals and the clipboard. */
  readonly everything: () => string;
}

let scenes = 0;

export async function secretScene(options: SecretSceneOptions = {}): Promise<SecretScene> {
  const store = options.store ?? createFakeStore();
  const clock = options.clock ?? new ManualClock();
  const dialogs = createFakeDialogs(options);
  const prompts = scriptedPrompts(options.acts ?? []);
  const writes = options.writes ?? createFakeVaultWrites(options.script, options.secrets ?? [db]);
  const approvals = createVaultApprovals(store);
  for (const vault of options.approved ?? [shop, other]) if (!approvals.isApproved(vault)) await approvals.approve(vault);
  const logged: string[] = [];
  const log = (line: string): void => {
    logged.push(line);
  };
  const revealed: (Revealed & { isOpen: boolean })[] = [];
  const clipboard = { text: options.clipboard ?? "", written: [] as string[], readable: true };
  const offered: SecretSubject[] = [];
  const scene = ++scenes;
  let random = 0;
  const randomHex = (bytes: number): string => (scene * 1000 + ++random).toString(16).padStart(bytes * 2, "0");
  const boxClipboard: Clipboard = {
    read: () => (clipboard.readable ? Promise.resolve(clipboard.text) : Promise.reject(new Error("denied"))),
    write: (text) => {
      clipboard.text = text;
      clipboard.written.push(text);
      return Promise.resolve();
    },
    place: () => options.place ?? "local",
  };
  const items = new Map<unknown, SecretSubject>([
    [dbItem, { vault: shop, name: "db" }],
    [oldVersionItem, { vault: shop, name: "db", version: fakeVersion(1, "").version }],
  ]);
  const context: SecretCommandsContext = {
    source: writes.source(options.vaults ?? [{ vault: shop, connector: "Shop · account.kv" }], items, new Map([[vaultItem, shop]])),
    writes,
    dialogs,
    prompts,
    approvals,
    credentials: { of: () => ({ kind: "vscode" }) },
    isTrusted: options.trusted ?? (() => true),
    clock,
    log: { debug: log, info: log, warn: log, error: log },
    journal: createSecretJournal(store, clock, options.session ?? `session ${String(scene)}`),
    turns: createTurns(),
    clipboard: boxClipboard,
    copied: createCopiedValue({ clipboard: boxClipboard, clock, store, randomHex }),
    revealBox: {
      show: (shown) => {
        const box = { ...shown, isOpen: true };
        revealed.push(box);
        let hide: () => void = () => undefined;
        const closed = new Promise<"copy" | "hidden">((resolve) => {
          hide = () => {
            box.isOpen = false;
            resolve("hidden");
          };
          if (options.inRevealBox !== undefined) {
            box.isOpen = false;
            resolve(options.inRevealBox);
          }
        });
        return { closed, hide };
      },
    },
    files: { read: (path, maxBytes) => Promise.resolve(fileOf(options.files?.[path], maxBytes)) },
    confirmReveal: () => options.confirmReveal ?? true,
    randomHex,
    offerReference: (subject) => {
      offered.push(subject);
      return Promise.resolve();
    },
  };
  const commands = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerSecretCommands((id, action) => {
    commands.set(id, action);
  }, context);
  return {
    context,
    dialogs,
    prompts,
    writes,
    clock,
    store,
    logged,
    revealed,
    clipboard,
    offered,
    run: async (command, argument) => {
      const action = commands.get(command);
      if (action === undefined) throw new Error(`No command ${command}`);
      return action(argument);
    },
    end: () => {
      const last = dialogs.shown.filter(({ kind }) => kind === "tell" || kind === "offer").at(-1);
      if (last === undefined) throw new Error("Nothing was told");
      return last;
    },
    everything: () => JSON.stringify([dialogs.shown, dialogs.reported, dialogs.copied, dialogs.opened, prompts.asked, prompts.problems, logged, store.content, writes.requests, offered]),
  };
}

function fileOf(content: Uint8Array | string | undefined, maxBytes: number): FileResult<Uint8Array> {
  if (content === undefined) return { ok: false, problem: "not-found" };
  const bytes = new Uint8Array(Buffer.from(content));
  return bytes.length > maxBytes ? { ok: false, problem: "too-large" } : { ok: true, value: bytes };
}

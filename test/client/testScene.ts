import type { FakeAnswers, FakeDialogs } from "./fakeDialogs.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeStore } from "./fakeStore.ts";
import type { FakeVaultScript, FakeVaultTests } from "./fakeVaultTests.ts";
import { createFakeVaultTests } from "./fakeVaultTests.ts";
import { createVaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import type { ApprovalStore, VaultApprovals } from "../../client/src/azure/vaultApprovals.ts";
import type { CredentialPurpose } from "../../client/src/azure/vaultCredentials.ts";
import type { TestCommandsContext } from "../../client/src/connectors/testCommandsContext.ts";
import { createTestJournal } from "../../client/src/connectors/testJournal.ts";
import { createTestResults } from "../../client/src/connectors/testResults.ts";
import { createVaultTurns } from "../../client/src/connectors/vaultTurns.ts";
import type { AzureDirectory } from "../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow, ProtocolRange } from "../../server/src/protocol/messages.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import { ManualClock } from "../vault/manualClock.ts";

export const tenant = "11111111-2222-3333-4444-555555555555";
export const clientId = "66666666-7777-8888-9999-000000000000";
export const shop: VaultTarget = { name: "shop-vault", cloud: "public", tenant };

const origin: ProtocolRange = { start: { line: 1, character: 14 }, end: { line: 1, character: 22 } };

export function connectorRow(row: Partial<ConnectorRow> = {}): ConnectorRow {
  return {
    key: "shop connector",
    folder: "file:///shop",
    scope: { level: "account" },
    identifier: "azureKv",
    type: "AzureKeyVault",
    vault: shop,
    settings: { clientId, tenantId: tenant, vaultName: "shop-vault", secretKey: "account.azureSpSecret" },
    uri: "file:///shop/connector.yaml",
    range: origin,
    secrets: [],
    references: [],
    ...row,
  };
}

/** An item of our own tree, and what another extension might pass. */
export const treeItem = { item: "tree" };

export interface SceneOptions extends FakeAnswers, FakeVaultScript {
  readonly rows?: readonly ConnectorRow[];
  /** The row that the tree item stands for. */
  readonly row?: ConnectorRow;
  readonly trusted?: () => boolean;
  /** Default: shop-vault. */
  readonly approved?: readonly VaultTarget[];
  readonly credential?: CredentialChoice;
  /** What the person chooses when asked for a credential. */
  readonly choose?: CredentialChoice;
  readonly directory?: AzureDirectory;
  readonly activeUri?: string;
  readonly text?: string;
  readonly store?: ApprovalStore & { readonly content: Record<string, unknown> };
  readonly clock?: ManualClock;
  readonly session?: string;
  readonly tests?: FakeVaultTests;
}

export interface Scene {
  readonly context: TestCommandsContext;
  readonly dialogs: FakeDialogs;
  readonly tests: FakeVaultTests;
  readonly approvals: VaultApprovals;
  readonly store: ApprovalStore & { readonly content: Record<string, unknown> };
  readonly clock: ManualClock;
  readonly logged: string[];
  /** The commands that were run. */
  readonly commands: string[];
  /** The places that were opened, as `uri line:from-to`. */
  readonly places: string[];
  readonly asked: CredentialPurpose[];
  readonly remembered: CredentialChoice[];
  /** The text of the last notification, and its buttons. */
  readonly end: () => { readonly text: string; readonly choices: readonly string[] };
}

let scenes = 0;

export async function testScene(options: SceneOptions = {}): Promise<Scene> {
  const store = options.store ?? createFakeStore();
  const clock = options.clock ?? new ManualClock();
  const dialogs = createFakeDialogs(options);
  const tests = options.tests ?? createFakeVaultTests(options);
  const approvals = createVaultApprovals(store);
  for (const vault of options.approved ?? [shop]) await approvals.approve(vault);
  const row = options.row ?? connectorRow();
  const rows = options.rows ?? [row];
  const logged: string[] = [];
  const commands: string[] = [];
  const places: string[] = [];
  const asked: CredentialPurpose[] = [];
  const remembered: CredentialChoice[] = [];
  const scene = ++scenes;
  let random = 0;
  const log = (line: string): void => {
    logged.push(line);
  };
  const context: TestCommandsContext = {
    tests,
    dialogs,
    approvals,
    clock,
    source: { rows: () => rows, load: () => Promise.resolve(rows), of: (argument) => (argument === treeItem ? row : undefined) },
    credentials: {
      of: () => remembered.at(-1) ?? options.credential ?? { kind: "vscode" },
      ask: (purpose) => {
        asked.push(purpose);
        return Promise.resolve(options.choose);
      },
      remember: (_vault, choice) => {
        if (choice !== undefined) remembered.push(choice);
        return Promise.resolve();
      },
    },
    isTrusted: options.trusted ?? (() => true),
    activeUri: () => options.activeUri,
    directory: () => options.directory ?? emptyDirectory,
    files: {
      show: (uri, { start, end }) => {
        places.push(`${uri} ${String(start.line)}:${String(start.character)}-${String(end.character)}`);
        return Promise.resolve(true);
      },
      read: () => Promise.resolve(options.text === undefined ? undefined : { text: options.text }),
    },
    run: (command) => {
      commands.push(command);
      return Promise.resolve();
    },
    results: createTestResults(store),
    journal: createTestJournal(store, clock, options.session ?? `session ${String(scene)}`),
    turns: createVaultTurns(),
    log: { debug: log, info: log, warn: log, error: log },
    randomHex: (bytes) => (scene * 1000 + ++random).toString(16).padStart(bytes * 2, "0"),
  };
  const end = (): { readonly text: string; readonly choices: readonly string[] } => {
    const last = dialogs.shown.filter(({ kind }) => kind === "tell" || kind === "offer").at(-1);
    if (last === undefined) throw new Error("Nothing was told");
    return last;
  };
  return { context, dialogs, tests, approvals, store, clock, logged, commands, places, asked, remembered, end };
}

import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
import type { VaultApprovals } from "../azure/vaultApprovals.ts";
import type { VaultCredentials } from "../azure/vaultCredentials.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import type { ConnectorSource } from "./connectorSource.ts";
import type { FieldFiles } from "./showField.ts";
import type { TestJournal } from "./testJournal.ts";
import type { TestResults } from "./testResults.ts";
import type { VaultTurns } from "./vaultTurns.ts";

/** What Test Connection and the removal of its left-overs work with. */
export interface TestCommandsContext {
  readonly tests: VaultTestApi;
  readonly source: ConnectorSource;
  readonly dialogs: Dialogs;
  readonly approvals: VaultApprovals;
  readonly credentials: Pick<VaultCredentials, "of" | "ask" | "remember">;
  readonly isTrusted: () => boolean;
  /** The active file, as the language server writes it. */
  readonly activeUri: () => string | undefined;
  /** What Resource Manager has told of vaults. */
  readonly directory: () => AzureDirectory;
  readonly files: FieldFiles;
  /** Runs one of VS Code's commands or of ours. */
  readonly run: (command: string) => PromiseLike<unknown>;
  readonly results: TestResults;
  readonly journal: TestJournal;
  readonly turns: VaultTurns;
  readonly clock: Clock;
  readonly log: Log;
  /** So many random bytes, as hexadecimal digits. */
  readonly randomHex: (bytes: number) => string;
}

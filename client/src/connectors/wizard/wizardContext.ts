import type { AzureSubscription, AzureVault } from "../../../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../../server/src/vault/faultCause.ts";
import type { ResourceManagerApi } from "../../../../server/src/vault/resourceManagerApi.ts";
import type { ConnectorRow } from "../../../../server/src/protocol/messages.ts";
import type { VaultCredentials } from "../../azure/vaultCredentials.ts";
import type { Dialogs } from "../../ui/dialogs.ts";
import type { StepPrompts } from "../../ui/stepPrompts.ts";

/** What the steps of the wizard work with. */
export interface WizardContext {
  readonly prompts: StepPrompts;
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  /** The connectors of the workspace, as they were when the wizard began. */
  readonly rows: readonly ConnectorRow[];
  readonly resourceManager: ResourceManagerApi;
  readonly credentials: Pick<VaultCredentials, "of" | "byDefault" | "ask" | "remember">;
  /** Keeps what was fetched, for completion and hover in YAML. */
  readonly fetched: (subscriptions: readonly AzureSubscription[], vaults: readonly AzureVault[]) => void;
  /** Shows the approval's modal where the vault is not approved yet. True where it is approved then. */
  readonly approve: (vault: VaultTarget) => Promise<boolean>;
  readonly readTest: (vault: VaultTarget, signal: AbortSignal) => Promise<"passed" | FaultCause>;
  /** Set where a connector is changed that is there. */
  readonly editing?: ConnectorRow;
}

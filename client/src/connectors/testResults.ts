import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";

/** How the last Test Connection of a vault ended on this machine. */
export interface ConnectionTestResult {
  readonly vault: VaultTarget;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly read: "passed" | FaultCause;
  /** Absent where the person did not agree to writing. */
  readonly write?: "passed" | FaultCause;
}

/** The last result for each vault and tenant; kept outside the workspace. */
export interface TestResults {
  get(vault: VaultTarget): ConnectionTestResult | undefined;
  put(result: ConnectionTestResult): Promise<void>;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

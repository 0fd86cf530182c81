import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";

/** What a credential is chosen for. */
export interface CredentialPurpose {
  /** The title of the quick pick, as `Credential for vault shop-dev-kv on this machine`. */
  readonly title: string;
  readonly cloud: Cloud;
  /** The tenant and client ID that the connector names, where it names them: offered for a client secret or certificate. */
  readonly tenant?: string;
  readonly clientId?: string;
  /** What is chosen now. */
  readonly current?: CredentialChoice;
}

/** Which identity of this machine opens each vault: chosen once per vault, kept outside the workspace. */
export interface VaultCredentials {
  /** What was chosen for the vault, else the setting `keyline.credential`. */
  of(vault: VaultTarget): CredentialChoice;
  /** What the setting `keyline.credential` says. */
  byDefault(): CredentialChoice;
  /** Asks in a quick pick that says which would work now. Undefined where the person left it. Stores a client secret in SecretStorage alone. */
  ask(purpose: CredentialPurpose): Promise<CredentialChoice | undefined>;
  /** Undefined forgets the choice: the setting counts again. */
  remember(vault: VaultTarget, choice: CredentialChoice | undefined): Promise<void>;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

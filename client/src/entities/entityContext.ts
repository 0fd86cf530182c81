import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { SecretEntityRow } from "../../../server/src/protocol/messages.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";
import type { ConnectorSource } from "../connectors/connectorSource.ts";
import type { SecretSource } from "../secrets/secretSource.ts";
import type { EntityFileContext } from "./entityFile.ts";

/** What the steps to a `secret:` entity work with. */
export interface EntityContext extends EntityFileContext {
  readonly connectors: Pick<ConnectorSource, "load">;
  readonly source: Pick<SecretSource, "subjectOf" | "vaultOf" | "secrets" | "versions">;
  /** The entities of the workspace; empty where they are not known. */
  readonly knownSecrets: () => Promise<readonly SecretEntityRow[]>;
  /** Shows the approval's modal where the vault is not approved yet. True where it is approved then. */
  readonly approve: (vault: VaultTarget) => Promise<boolean>;
  readonly jsonKeys: JsonKeys;
  readonly now: () => number;
}

/** Reading a value to learn the names of its JSON keys. */
export interface JsonKeys {
  readonly allowed: (vault: VaultTarget) => boolean;
  /** Shows the modal where it is not allowed yet. True where it is allowed then. */
  readonly ask: (vault: VaultTarget) => Promise<boolean>;
  readonly read: VaultApi["jsonShape"];
}

import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid, vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import type { ApprovalStore } from "./vaultApprovals.ts";

const storeKey = "keyline.vaultCredentials";

/** Which credential was chosen for which vault. In the user's own store, never the workspace's; no secret in it. */
export interface CredentialStore {
  get(vault: VaultTarget): CredentialChoice | undefined;
  put(vault: VaultTarget, choice: CredentialChoice | undefined): Promise<void>;
}

export function createCredentialStore(store: ApprovalStore): CredentialStore {
  const read = (): Readonly<Record<string, unknown>> => {
    const stored = store.get(storeKey);
    return typeof stored === "object" && stored !== null ? (stored as Readonly<Record<string, unknown>>) : {};
  };
  return {
    get: (vault) => {
      const all = read();
      const key = vaultKey(vault);
      return Object.hasOwn(all, key) ? readChoice(all[key]) : undefined;
    },
    put: async (vault, choice) => {
      const { [vaultKey(vault)]: _before, ...others } = read();
      await store.update(storeKey, choice === undefined ? others : { ...others, [vaultKey(vault)]: choice });
    },
  };
}

/** What another version or another hand left in the store is taken only where it is whole. */
function readChoice(stored: unknown): CredentialChoice | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { kind, tenant, clientId, path } = stored as Readonly<Record<string, unknown>>;
  const ofApp = isGuidText(tenant) && isGuidText(clientId) ? { tenant, clientId } : undefined;
  switch (kind) {
    case "vscode":
    case "azure-cli":
    case "environment":
    case "workload-identity":
      return { kind };
    case "client-secret":
      return ofApp === undefined ? undefined : { kind, ...ofApp };
    case "client-certificate":
      return ofApp === undefined || typeof path !== "string" || path === "" ? undefined : { kind, ...ofApp, path };
    case "managed-identity":
      if (clientId === undefined) return { kind };
      return isGuidText(clientId) ? { kind, clientId } : undefined;
    default:
      return undefined;
  }
}

function isGuidText(value: unknown): value is string {
  return typeof value === "string" && isGuid(value);
}

import type { Cloud } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultAddress } from "../../../server/src/vault/vaultAddress.ts";

/** The part of `vscode.authentication` that is needed. */
export interface SessionAccess {
  getSession(
    providerId: string,
    scopes: readonly string[],
    options: { readonly silent: true } | { readonly createIfNone: true },
  ): PromiseLike<{ readonly accessToken: string } | undefined>;
}

/** VS Code signs in to the sovereign clouds through a provider of its own, set by `microsoft-sovereign-cloud.environment`. */
const providers: Readonly<Record<Cloud, string>> = {
  public: "microsoft",
  usgov: "microsoft-sovereign-cloud",
  china: "microsoft-sovereign-cloud",
};

/** Whether a change of that provider's sessions concerns us. */
export function isSessionProvider(providerId: string): boolean {
  return Object.values(providers).includes(providerId);
}

/**
 * A token for the cloud's vaults, or its Resource Manager, from VS Code's Microsoft session, or undefined where there is no session.
 *
 * Invariant: the scope is one of the cloud's two audiences and no other. Without `interactive` nothing is shown, not even
 * a mark on the accounts menu; `interactive` is for a person's own gesture.
 */
export async function sessionToken(
  access: SessionAccess,
  { cloud, tenant, audience = "vault" }: { readonly cloud: Cloud; readonly tenant?: string; readonly audience?: "vault" | "arm" },
  interactive: boolean,
): Promise<string | undefined> {
  // Any valid name does: the scope depends on the cloud alone.
  const address = vaultAddress({ name: "vault", cloud });
  const scope = audience === "vault" || address === undefined ? address?.scope : `${address.armHost}/.default`;
  if (scope === undefined || (tenant !== undefined && !isGuid(tenant))) return undefined;
  const scopes = tenant === undefined ? [scope] : [scope, `VSCODE_TENANT:${tenant}`];
  try {
    const session = await access.getSession(providers[cloud], scopes, interactive ? { createIfNone: true } : { silent: true });
    return session?.accessToken;
  } catch {
    // The person declined, or the provider is absent or not set up: for us there is no session.
    return undefined;
  }
}

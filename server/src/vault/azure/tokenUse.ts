import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import type { TokenAnswer, TokenRequest } from "./tokenBroker.ts";
import { VaultFault, causeOf } from "./vaultFault.ts";

/** The token, or a VaultFault with the reason why there is none. */
export function tokenOf(answer: TokenAnswer): string {
  if (answer.ok) return answer.token;
  throw new VaultFault({ reason: answer.reason, retryable: false, ...causeOf(answer) });
}

/** The part of a token request that says whose token it is. */
export function credentialOf(choose: ((vault: VaultTarget) => CredentialChoice) | undefined, vault: VaultTarget): Pick<TokenRequest, "credential"> {
  const credential = choose?.(vault);
  return credential === undefined ? {} : { credential };
}

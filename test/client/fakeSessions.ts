import type { SessionAccess } from "../../client/src/azure/sessionToken.ts";

export interface SessionRequest {
  readonly providerId: string;
  readonly scopes: readonly string[];
  readonly options: object;
}

/** VS Code's sessions: answers the token given, nothing, or throws as when the person declines. */
export function createFakeSessions(answer: string | undefined | Error): SessionAccess & { readonly asked: SessionRequest[] } {
  const asked: SessionRequest[] = [];
  return {
    asked,
    getSession: (providerId, scopes, options) => {
      asked.push({ providerId, scopes, options });
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(answer === undefined ? undefined : { accessToken: answer });
    },
  };
}

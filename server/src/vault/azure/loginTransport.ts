/** The last gate before a sign-in: which hosts a credential may be sent to, and what their answers mean. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import type { UnknownReason } from "../../core/model/facts.ts";
import type { Cloud } from "../../core/model/vaultTarget.ts";
import type { FaultCause } from "../faultCause.ts";
import { isProxyAgent, onTunnelRefused } from "./proxyAgent.ts";
import { faultOfTransport } from "./vaultFault.ts";

export interface LoginTrouble {
  readonly reason: UnknownReason;
  readonly cause?: FaultCause;
}

/** A transport that remembers why the last sign-in could not be made. */
export interface LoginTransport extends HttpClient {
  trouble(): LoginTrouble | undefined;
  /** False while nothing was sent: then the fault lies in what the person has given. */
  wasUsed(): boolean;
}

/** Reaches the login hosts of one cloud and nothing else. */
export function loginOnly(inner: HttpClient, cloud: Cloud): LoginTransport {
  return gate(inner, (url) => url.protocol === "https:" && url.port === "" && isLoginHost(url.hostname, cloud));
}

/**
 * Reaches this machine alone: Azure's metadata service on its link-local address, and the identity endpoints of App
 * Service, Arc and the like on loopback. No proxy is asked to get there.
 */
export function machineOnly(inner: HttpClient): LoginTransport {
  const direct: HttpClient = {
    sendRequest: (request) => {
      const { agent: _agent, proxySettings: _proxy, ...rest } = request;
      return inner.sendRequest(rest);
    },
  };
  return gate(direct, (url) => /^(?:169\.254\.\d{1,3}\.\d{1,3}|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])$/.test(url.hostname));
}

/** The request under way: a proxy's refusal is told to the agent, not to the caller. */
const underWay = new AsyncLocalStorage<{ tunnelRefused: boolean }>();

function gate(inner: HttpClient, isAllowed: (url: URL) => boolean): LoginTransport {
  let trouble: LoginTrouble | undefined;
  let used = false;
  return {
    trouble: () => trouble,
    wasUsed: () => used,
    sendRequest: async (request: PipelineRequest) => {
      used = true;
      if (!isAllowed(new URL(request.url))) {
        trouble = { reason: "service-error", cause: "service-error" };
        throw new Error("Not a login host of this cloud");
      }
      trouble = undefined;
      const { agent } = request;
      const state = { tunnelRefused: false };
      if (agent !== undefined) {
        onTunnelRefused(agent, () => {
          const current = underWay.getStore();
          if (current !== undefined) current.tunnelRefused = true;
        });
      }
      try {
        const response = await underWay.run(state, () => inner.sendRequest(request));
        trouble = state.tunnelRefused ? { reason: "network-blocked", cause: "proxy" } : troubleOf(response.status, response.bodyAsText ?? "");
        return response;
      } catch (error) {
        const { reason, cause } = faultOfTransport(error, isProxyAgent(agent));
        trouble = { reason, ...(cause === undefined ? {} : { cause }) };
        throw error;
      }
    },
  };
}

/** Entra's numbers (Microsoft's list of AADSTS codes). Its texts name identities and are not read. */
const troubles: ReadonlyMap<number, LoginTrouble> = new Map<number, LoginTrouble>([
  [7000215, { reason: "credential-refused", cause: "wrong-client-secret" }],
  [7000222, { reason: "credential-refused", cause: "expired-client-secret" }],
  [700016, { reason: "credential-refused", cause: "unknown-application" }],
  [700027, { reason: "credential-refused", cause: "certificate-refused" }],
  [90002, { reason: "tenant-not-found", cause: "tenant-not-found" }],
  [700024, { reason: "not-signed-in", cause: "clock" }],
  [500133, { reason: "not-signed-in", cause: "clock" }],
]);

function troubleOf(status: number, body: string): LoginTrouble | undefined {
  if (status === 429) return { reason: "throttled", cause: "throttled" };
  if (status === 407 || (status >= 400 && /^\s*</.test(body))) return { reason: "network-blocked", cause: "proxy" };
  if (status >= 500) return { reason: "service-error", cause: "service-error" };
  if (status !== 400 && status !== 401) return undefined;
  for (const code of errorCodes(body)) {
    const known = troubles.get(code);
    if (known !== undefined) return known;
  }
  return undefined;
}

function errorCodes(body: string): readonly number[] {
  try {
    const parsed = JSON.parse(body) as { readonly error_codes?: unknown } | null;
    const codes = parsed?.error_codes;
    return Array.isArray(codes) ? codes.filter((code) => typeof code === "number") : [];
  } catch {
    return [];
  }
}

/** Entra's hosts with the aliases that its own library moves between (identity's and MSAL's constants). */
const loginHosts: ReadonlyMap<Cloud, ReadonlySet<string>> = new Map([
  ["public", new Set(["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"])],
  ["usgov", new Set(["login.microsoftonline.us", "login.usgovcloudapi.net"])],
  ["china", new Set(["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"])],
]);

/** Entra's hosts and, in the public cloud, its regional ones: `<region>.login.microsoft.com`. */
function isLoginHost(host: string, cloud: Cloud): boolean {
  if (loginHosts.get(cloud)?.has(host) === true) return true;
  return cloud === "public" && /^[0-9a-z]{3,30}\.login\.microsoft\.com$/.test(host);
}

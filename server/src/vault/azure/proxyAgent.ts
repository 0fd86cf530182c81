/** What https-proxy-agent, which the SDK takes where a proxy is set, tells of the proxy. */
import type { EventEmitter } from "node:events";
import type { Agent } from "@azure/core-rest-pipeline";

const heardAgents = new WeakSet<Agent>();

/** Whether connections of that agent go through a proxy. */
export function isProxyAgent(agent: Agent | undefined): boolean {
  return agent !== undefined && "proxy" in agent;
}

/**
 * Calls `listener` whenever the agent's proxy refuses to open a tunnel, in the context of the request that asked for
 * it; the agent then hands the proxy's answer on as if the service had written it. Once per agent.
 */
export function onTunnelRefused(agent: Agent, listener: () => void): void {
  if (!isProxyAgent(agent) || heardAgents.has(agent)) return;
  heardAgents.add(agent);
  (agent as unknown as EventEmitter).on("proxyConnect", (answer: unknown) => {
    if ((answer as { readonly statusCode?: unknown } | undefined)?.statusCode !== 200) listener();
  });
}

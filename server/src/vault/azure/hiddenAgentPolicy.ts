import type { PipelinePolicy } from "@azure/core-rest-pipeline";

/**
 * Keeps the connection agent out of the SDK's own log. With AZURE_LOG_LEVEL set and a proxy in between, the SDK writes
 * each request as JSON, agent included: its open sockets hold the headers of other requests, and with them tokens.
 * As a policy "per call" it runs behind the one that sets the agent and before the one that writes.
 */
export const hiddenAgentPolicy: { readonly policy: PipelinePolicy; readonly position: "perCall" } = {
  position: "perCall",
  policy: {
    name: "hiddenAgent",
    sendRequest: (request, next) => {
      if (request.agent !== undefined) Object.defineProperty(request, "agent", { value: request.agent, enumerable: false, writable: true, configurable: true });
      return next(request);
    },
  },
};

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CertificateAuthority } from "./certificates.ts";
import { answerCliToken } from "./cliToken.ts";
import { serviceOfHost } from "./clouds.ts";
import { reachesService } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { sendAnswer } from "./faultyAnswer.ts";
import { startInspectingProxy } from "./inspectingProxy.ts";
import type { InspectingProxy, TunnelledRequest } from "./inspectingProxy.ts";
import { clientAddress } from "./keyVaultErrors.ts";
import { badGateway } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import type { LocalServices } from "./localServices.ts";
import type { RequestLog } from "./requestLog.ts";

export interface ListenerOptions {
  readonly services: LocalServices;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly authority: CertificateAuthority;
  readonly unknownVault: "refuse" | "close";
}

/** The path under which the proxy itself answers the fake `az`. */
export const cliTokenPath = "/az/token";

/** Puts the services behind a proxy. Hosts that are none of Azure's, and vaults that do not exist, are refused. */
export async function listenAsProxy(options: ListenerOptions): Promise<InspectingProxy> {
  const stopping = new AbortController();
  const proxy = await startInspectingProxy({
    authority: options.authority,
    admit: (host, port) => admit(options, host, port),
    onRequest(tunnelled) {
      respond(options, tunnelled, stopping.signal).catch(() => tunnelled.response.destroy());
    },
    onPlainRequest(request, response) {
      answerPlain(options, request, response);
    },
  });
  return {
    port: proxy.port,
    async stop() {
      stopping.abort();
      await proxy.stop();
    },
  };
}

function admit({ services, log, unknownVault }: ListenerOptions, host: string, port: number): "tunnel" | "refuse" | "close" {
  const target = port === 443 ? serviceOfHost(host) : undefined;
  if (target === undefined) {
    log.addConnect(host, port, "unexpected", services.now());
    return "refuse";
  }
  if (target.service === "vault" && services.store.find(target.vault, target.cloud) === undefined) {
    log.addConnect(host, port, "unknownVault", services.now());
    return unknownVault;
  }
  return "tunnel";
}

async function respond({ services, faults, log }: ListenerOptions, tunnelled: TunnelledRequest, stopped: AbortSignal): Promise<void> {
  const { host, response, socket } = tunnelled;
  const request = await readRequest(host, tunnelled.request);
  const setStatus = log.add(request, "answered", services.now());
  const fault = faults.take(request);
  const real = fault === undefined || reachesService(fault) ? services.answer(request) : badGateway;
  const answer = { ...real, headers: { ...real.headers, ...serviceHeaders(host) } };
  setStatus(await sendAnswer({ response, socket, stopped }, answer, fault));
}

function answerPlain({ services, log }: ListenerOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? "";
  if (url.startsWith(`${cliTokenPath}?`)) {
    const query = new URLSearchParams(url.slice(cliTokenPath.length + 1));
    const { directory, tokens, tokenLifetimeSeconds, now } = services;
    sendPlain(response, answerCliToken({ directory, tokens, tokenLifetimeSeconds, now: now() }, query));
    return;
  }
  log.addPlain(request.method ?? "", url, services.now());
  sendPlain(response, badGateway);
}

/** Headers as recorded from the real services; the network one holds the caller's address. */
function serviceHeaders(host: string): Record<string, string> {
  const all = { "cache-control": "no-cache", pragma: "no-cache", expires: "-1", "x-content-type-options": "nosniff", "strict-transport-security": "max-age=31536000;includeSubDomains", "x-ms-request-id": randomUUID() };
  if (serviceOfHost(host)?.service !== "vault") {
    return all;
  }
  return { ...all, "x-ms-keyvault-region": "westeurope", "x-ms-keyvault-service-version": "1.9.422.1", "x-ms-keyvault-network-info": `conn_type=Ipv4;addr=${clientAddress};act_addr_fam=InterNetwork;` };
}

async function readRequest(host: string, request: IncomingMessage): Promise<LocalRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  return { method: request.method ?? "", host, path, query: new URLSearchParams(query.join("?")), headers: request.headers, body: Buffer.concat(chunks) };
}

function sendPlain(response: ServerResponse, answer: LocalAnswer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:tls";
import type { LocalAzure } from "./localAzure.ts";

export interface RawRequest {
  /** GET where absent. */
  readonly method?: string;
  /** An https address. */
  readonly url: string;
  readonly token?: string;
  /** Sent as JSON, or as it is where it is a string. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON, undefined where it is none. */
  readonly json: unknown;
}

/** One request through the local Azure's proxy on a connection of its own, with nothing of an SDK in between. */
export async function sendRaw(azure: LocalAzure, raw: RawRequest): Promise<RawAnswer> {
  const url = new URL(raw.url);
  const tunnel = await openTunnel(azure, `${url.hostname}:${url.port === "" ? "443" : url.port}`);
  const socket = connect({ socket: tunnel, servername: url.hostname, ca: azure.proxy.caPem });
  const body = raw.body === undefined ? "" : typeof raw.body === "string" ? raw.body : JSON.stringify(raw.body);
  const headers = { ...(raw.token === undefined ? {} : { authorization: `Bearer ${raw.token}` }), "content-length": Buffer.byteLength(body), ...raw.headers };
  return new Promise((resolve, reject) => {
    const path = `${url.pathname}${url.search}`;
    const request = httpsRequest({ host: url.hostname, path, method: raw.method ?? "GET", headers, createConnection: () => socket, ...(raw.signal === undefined ? {} : { signal: raw.signal }) });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        socket.destroy();
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: asJson(text) });
      });
    });
    request.end(body);
  });
}

function openTunnel(azure: LocalAzure, authority: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(azure.proxy.url, { method: "CONNECT", path: authority, agent: false });
    request.on("error", reject);
    request.on("connect", (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`The proxy answered ${String(response.statusCode)}.`));
    });
    request.end();
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

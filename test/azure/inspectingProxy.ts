import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { CertificateAuthority } from "./certificates.ts";

/** A decrypted request that came through a tunnel, with the host that the tunnel was opened to. */
export interface TunnelledRequest {
  readonly host: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

export interface ProxyOptions {
  readonly authority: CertificateAuthority;
  /** Whether the proxy lets a client through to this host; "close" drops the connection without an answer. */
  readonly admit: (host: string, port: number) => "tunnel" | "refuse" | "close";
  readonly onRequest: (tunnelled: TunnelledRequest) => void;
  /** A request to the proxy itself, or one that asks it to fetch an address without TLS. */
  readonly onPlainRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface InspectingProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * An HTTPS proxy that takes the TLS off, as a company's network has one: it presents certificates of its own authority.
 * It stands on Node alone, because mockttp can neither break a body off nor reset a connection in mid
 * body, and the tests need both.
 */
export async function startInspectingProxy(options: ProxyOptions): Promise<InspectingProxy> {
  const sockets = new Set<Socket>();
  const origins = new WeakMap<object, { readonly host: string; readonly socket: Socket }>();
  const inner = createServer((request, response) => {
    const origin = origins.get(request.socket);
    if (origin === undefined) {
      response.destroy();
      return;
    }
    options.onRequest({ ...origin, request, response });
  });
  const outer = createServer(options.onPlainRequest);
  outer.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  outer.on("connect", (request, stream, head) => {
    const socket = stream as Socket;
    const target = targetOf(request.url ?? "");
    const verdict = options.admit(target.host, target.port);
    if (verdict === "close") {
      socket.destroy();
      return;
    }
    if (verdict === "refuse") {
      socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 24\r\nconnection: close\r\n\r\n<html>Bad Gateway</html>");
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    socket.unshift(head);
    const { key, cert } = options.authority.certificateFor(target.host);
    const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }), ALPNProtocols: ["http/1.1"] });
    secure.on("error", () => socket.destroy());
    origins.set(secure, { host: target.host, socket });
    inner.emit("connection", secure);
  });
  const port = await listen(outer);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        outer.close(() => {
          resolve();
        });
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function targetOf(authority: string): { host: string; port: number } {
  const colon = authority.lastIndexOf(":");
  return { host: authority.slice(0, colon).toLowerCase(), port: Number(authority.slice(colon + 1)) };
}

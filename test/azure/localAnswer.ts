import type { IncomingHttpHeaders } from "node:http";

/** One request as a service of the local Azure sees it, after the proxy took the TLS off. */
export interface LocalRequest {
  readonly method: string;
  /** In lower case, without a port. */
  readonly host: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as text; empty for none. */
  readonly body: string;
}

/** An answer that holds `value` as JSON. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): LocalAnswer {
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body: JSON.stringify(value) };
}

/** What a proxy answers for a host that it cannot reach. */
export const badGateway: LocalAnswer = { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad Gateway</html>" };

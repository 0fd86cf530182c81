import type { LocalRequest } from "./localAnswer.ts";

/** One request that reached the proxy. Holds no header and no body, so that a log of it can leak nothing. */
export interface RecordedRequest {
  /** CONNECT for a tunnel that was refused. */
  readonly method: string;
  readonly host: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  /** What was answered; undefined while there is no answer, and for a connection that was reset. */
  readonly status: number | undefined;
  readonly hadAuthorization: boolean;
  readonly bodyBytes: number;
  /** "unknownVault" and "unexpected" hosts were refused. A test of the product wants none of the latter. */
  readonly kind: "answered" | "unknownVault" | "unexpected";
  /** Epoch milliseconds of the local Azure's clock. */
  readonly at: number;
}

export interface RequestLog {
  /** Returns the function that notes the answer's status. */
  readonly add: (request: LocalRequest, kind: RecordedRequest["kind"], at: number) => (status: number | undefined) => void;
  readonly addConnect: (host: string, port: number, kind: RecordedRequest["kind"], at: number) => void;
  /** A request for an address without TLS. */
  readonly addPlain: (method: string, url: string, at: number) => void;
  readonly all: () => readonly RecordedRequest[];
  readonly clear: () => void;
}

export function createRequestLog(): RequestLog {
  let entries: { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }[] = [];
  return {
    add(request, kind, at) {
      const entry = {
        method: request.method,
        host: request.host,
        path: request.path,
        query: request.query.toString(),
        status: undefined as number | undefined,
        hadAuthorization: request.headers.authorization !== undefined,
        bodyBytes: request.body.length,
        kind,
        at,
      };
      entries.push(entry);
      return (status) => {
        entry.status = status;
      };
    },
    addConnect(host, port, kind, at) {
      const path = port === 443 ? "" : `:${String(port)}`;
      entries.push({ method: "CONNECT", host, path, query: "", status: 502, hadAuthorization: false, bodyBytes: 0, kind, at });
    },
    addPlain(method, url, at) {
      const parsed = URL.parse(url);
      entries.push({ method, host: parsed?.host ?? "", path: parsed?.pathname ?? url, query: parsed?.search.slice(1) ?? "", status: 502, hadAuthorization: false, bodyBytes: 0, kind: "unexpected", at });
    },
    all: () => entries,
    clear() {
      entries = [];
    },
  };
}

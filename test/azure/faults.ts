import type { LocalRequest } from "./localAnswer.ts";

/**
 * What shall go wrong, and for which requests. With `status`, `body`, `rawBody`, `reset` or `stallHeaders` the request
 * never reaches the service, unless `afterApplied` says so; with the others the real answer is disturbed on its way.
 */
export interface Fault {
  readonly host?: string | RegExp;
  readonly method?: string;
  /** Tested against the path with its query. */
  readonly path?: RegExp;
  /** Only requests with (true) or without (false) an Authorization header. A client's first request has none. */
  readonly authorized?: boolean;
  /** How often; always where absent. */
  readonly times?: number;
  readonly afterApplied?: boolean;

  readonly status?: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly rawBody?: string;
  /** Added to the answer's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Takes the request and never answers. */
  readonly stallHeaders?: boolean;
  /** Sends the headers and half of the body, then nothing more. */
  readonly stallBody?: boolean;
  /** Resets the connection instead of answering. */
  readonly reset?: boolean;
  readonly slowBytesPerSecond?: number;
  /** Sends a complete answer whose body ends after so many bytes; half of it where true. */
  readonly truncateBody?: number | true;
  /** Announces the whole body and closes the connection after so many bytes. */
  readonly dropBodyAfter?: number;
}

export interface Faults {
  /** Returns the function that takes the fault away again. */
  readonly add: (fault: Fault) => () => void;
  /** The first fault that fits; counts as one of its times. */
  readonly take: (request: LocalRequest) => Fault | undefined;
  readonly clear: () => void;
}

export function createFaults(): Faults {
  let active: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      active.push(entry);
      return () => {
        active = active.filter((one) => one !== entry);
      };
    },
    take(request) {
      const entry = active.find((one) => one.left > 0 && fits(one.fault, request));
      if (entry !== undefined) {
        entry.left -= 1;
      }
      return entry?.fault;
    },
    clear() {
      active = [];
    },
  };
}

/** Whether the service is to see the request although a fault hit it. */
export function reachesService(fault: Fault): boolean {
  const replaced = fault.status !== undefined || fault.body !== undefined || fault.rawBody !== undefined || fault.reset === true || fault.stallHeaders === true;
  return !replaced || fault.afterApplied === true;
}

function fits(fault: Fault, request: LocalRequest): boolean {
  const query = request.query.toString();
  const pathAndQuery = query === "" ? request.path : `${request.path}?${query}`;
  return (
    (fault.host === undefined || (typeof fault.host === "string" ? fault.host.toLowerCase() === request.host : fault.host.test(request.host))) &&
    (fault.method === undefined || fault.method.toUpperCase() === request.method) &&
    (fault.path === undefined || fault.path.test(pathAndQuery)) &&
    (fault.authorized === undefined || fault.authorized === (request.headers.authorization !== undefined))
  );
}

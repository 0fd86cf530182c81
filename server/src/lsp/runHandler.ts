import type { CancellationToken, ResponseError } from "vscode-languageserver/node";
import type { Log } from "../host/log.ts";
import { bugCode } from "../host/bugCode.ts";
import { isProtocolError, protocolErrors } from "./protocolValues.ts";

export interface HandlerOptions<P, R> {
  readonly method: string;
  readonly log: Log;
  /** Answered where the handler breaks: a bug spoils one request, never the server. */
  readonly fallback: R;
  /** Something that changes when the request's document does; where it has changed, the answer would be stale. */
  readonly versionOf?: (params: P) => number | undefined;
  /** Synchronous: no request waits for a network or a disk. */
  readonly run: (params: P) => R;
}

/**
 * The one wrapper around every request. It first lets messages that already wait be read, so that a cancelled
 * request costs nothing and a request overtaken by a change of its document is answered ContentModified.
 */
export function runHandler<P, R>(options: HandlerOptions<P, R>): (params: P, token: CancellationToken) => Promise<R | ResponseError<never>> {
  return async (params, token) => {
    const version = options.versionOf?.(params);
    await waitingMessages();
    if (token.isCancellationRequested) return protocolErrors.cancelled();
    if (options.versionOf?.(params) !== version) return protocolErrors.contentModified();
    try {
      return options.run(params);
    } catch (error) {
      options.log.error(`bug in ${options.method}: ${bugCode(error)}`);
      return options.fallback;
    }
  };
}

/** The same care for a notification, which has no answer. */
export function runNotification<P>(method: string, log: Log, run: (params: P) => void): (params: P) => void {
  return (params) => {
    try {
      run(params);
    } catch (error) {
      // Before initialize and after shutdown a notification is dropped, as the protocol asks.
      if (isProtocolError(error)) return;
      log.error(`bug in ${method}: ${bugCode(error)}`);
    }
  };
}

/** The transport hands over one message for each turn of the event loop: after two turns the next one has been read. */
async function waitingMessages(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

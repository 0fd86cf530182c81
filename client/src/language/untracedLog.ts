import type { LogOutputChannel } from "vscode";

/** `Trace` and `Debug` of the vscode module's LogLevel, which this file takes as a type only. */
const traceLevel = 1;
const debugLevel = 2;

/**
 * The log as the language client may see it: never at the level Trace.
 *
 * At Trace the client writes protocol messages into the log, and with an unregistered setting their contents too.
 * Those hold the text of open files, and a file may hold a secret's value that someone wrote by mistake.
 */
export function untracedLog(log: LogOutputChannel): LogOutputChannel {
  return new Proxy(log, {
    get(target, property): unknown {
      if (property === "logLevel") return Number(target.logLevel) === traceLevel ? debugLevel : target.logLevel;
      if (property === "trace") return ignoreTrace;
      if (property === "onDidChangeLogLevel") return ignoreLevelChanges;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

function ignoreTrace(): void {
  // Nothing of a trace is written.
}

function ignoreLevelChanges(): { dispose(): void } {
  return { dispose: ignoreTrace };
}

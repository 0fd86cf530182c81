import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { PublishDiagnosticsParams } from "vscode-languageserver/node";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import type { MessageConnection } from "vscode-languageserver/node";

/** A language server as a process of its own, with a client that measures. */
export class BenchedServer {
  readonly pid: number;
  /** From the call of spawn to the answer of initialize. */
  readonly startMs: number;
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;

  private constructor(child: ChildProcess, pid: number, connection: MessageConnection, startMs: number) {
    this.#child = child;
    this.pid = pid;
    this.#connection = connection;
    this.startMs = startMs;
  }

  static async start(bundle: string, nodeOptions: readonly string[] = []): Promise<BenchedServer> {
    const before = performance.now();
    const child = spawn(process.execPath, [...nodeOptions, bundle, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    if (child.pid === undefined) throw new Error(`${bundle} did not start`);
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.onRequest(() => null);
    connection.listen();
    await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    const startMs = performance.now() - before;
    await connection.sendNotification("initialized", {});
    return new BenchedServer(child, child.pid, connection, startMs);
  }

  async notify(method: string, params: object): Promise<void> {
    await this.#connection.sendNotification(method, params);
  }

  async request(method: string, params: object): Promise<unknown> {
    return this.#connection.sendRequest(method, params);
  }

  /** The next diagnostics that the server publishes. */
  async published(): Promise<PublishDiagnosticsParams> {
    return new Promise((resolve) => {
      const listener = this.#connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
        listener.dispose();
        resolve(params);
      });
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.#connection.sendRequest("shutdown");
    await this.#connection.sendNotification("exit");
    await ended;
    this.#connection.dispose();
  }
}

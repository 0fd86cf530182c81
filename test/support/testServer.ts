import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import type { Diagnostic, InitializeParams, InitializeResult, PublishDiagnosticsParams } from "vscode-languageserver/node";
import { CancellationTokenSource, createConnection, createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import type { MessageConnection } from "vscode-languageserver/node";
import { expect } from "vitest";
import type { Files } from "../../server/src/host/files.ts";
import type { Clock } from "../../server/src/host/clock.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { startRunning } from "../../server/src/lsp/running.ts";
import { serve } from "../../server/src/lsp/server.ts";
import type { ServerOptions } from "../../server/src/lsp/server.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";

export interface TestServerOptions {
  readonly folders?: readonly string[];
  readonly capabilities?: InitializeParams["capabilities"];
  readonly initializationOptions?: unknown;
  /** Answers workspace/configuration. */
  readonly settings?: () => unknown;
  readonly clock?: Clock;
  readonly files?: Files;
  readonly standaloneFacts?: ServerOptions["standaloneFacts"];
  /** Of a spawned server: what it sees of the machine; this process's own environment where absent. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of a spawned server: takes all that goes over its pipes, both its messages and what it prints as errors. */
  readonly onOutput?: (text: string) => void;
}

interface Message {
  readonly method: string;
  readonly params: unknown;
}

/** A client of the server, for tests. Waits are for messages; `dispose` fails on messages that nobody has read. */
export class TestServer {
  readonly initialized: InitializeResult;
  readonly #connection: MessageConnection;
  readonly #received: Message[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #end: () => Promise<void>;
  #version = 1;
  #pid: number | undefined;

  private constructor(connection: MessageConnection, initialized: InitializeResult, received: Message[], waiting: Set<() => void>, end: () => Promise<void>) {
    this.#connection = connection;
    this.initialized = initialized;
    this.#received = received;
    this.#waiting = waiting;
    this.#end = end;
  }

  /** The server in this process, over streams in memory. */
  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    const serverSide = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
    serve({
      connection: serverSide,
      files: options.files ?? nodeFiles,
      clock: options.clock ?? systemClock,
      version: "0.0.0-test",
      loadRunning: () => startRunning,
      standaloneFacts:
        options.standaloneFacts ??
        (() => {
          throw new Error("this test does not allow Azure");
        }),
    });
    return this.#connect(toClient, toServer, options, async () => {
      serverSide.dispose();
    });
  }

  /** A bundle as a process of its own. */
  static async spawn(command: readonly string[], options: TestServerOptions = {}): Promise<TestServer> {
    const child: ChildProcess = spawn(process.execPath, command, { stdio: ["pipe", "pipe", "pipe"], env: options.env ?? process.env });
    if (child.stdout === null || child.stdin === null || child.stderr === null) throw new Error("no streams");
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => options.onOutput?.(chunk.toString("utf8")));
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const server = await this.#connect(child.stdout, child.stdin, options, async (connection) => {
      await connection.sendNotification("exit");
      expect(await ended).toBe(0);
    });
    server.#pid = child.pid;
    return server;
  }

  /** The process of a spawned server. */
  get pid(): number {
    if (this.#pid === undefined) throw new Error("this server runs in the test's own process");
    return this.#pid;
  }

  static async #connect(
    input: NodeJS.ReadableStream,
    output: NodeJS.WritableStream,
    options: TestServerOptions,
    end: (connection: MessageConnection) => Promise<void>,
  ): Promise<TestServer> {
    const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
    const received: Message[] = [];
    const waiting = new Set<() => void>();
    const receive = (method: string, params: unknown): void => {
      received.push({ method, params });
      for (const look of [...waiting]) look();
    };
    connection.onNotification((method, params) => {
      receive(method, params);
    });
    connection.onRequest((method, params) => {
      if (method === "workspace/configuration") return [options.settings?.() ?? null];
      receive(method, params);
      return null;
    });
    connection.listen();
    const initialized = await connection.sendRequest<InitializeResult>("initialize", {
      processId: null,
      rootUri: null,
      capabilities: options.capabilities ?? {},
      initializationOptions: options.initializationOptions,
      workspaceFolders: (options.folders ?? []).map((path) => ({ uri: fileUri(path), name: path })),
    });
    await connection.sendNotification("initialized", {});
    return new TestServer(connection, initialized, received, waiting, () => end(connection));
  }

  async open(uri: string, text: string, languageId = "yaml"): Promise<void> {
    await this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: ++this.#version, text } });
  }

  /** Replaces the whole text, or, with a range, that range. Answers the new version. */
  async change(uri: string, text: string, range?: { readonly start: object; readonly end: object }): Promise<number> {
    const change = range === undefined ? { text } : { text, range };
    await this.notify("textDocument/didChange", { textDocument: { uri, version: ++this.#version }, contentChanges: [change] });
    return this.#version;
  }

  async close(uri: string): Promise<void> {
    await this.notify("textDocument/didClose", { textDocument: { uri } });
  }

  async notify(method: string, params: unknown): Promise<void> {
    await this.#connection.sendNotification(method, params as object);
  }

  async request<T>(method: string, params: unknown, cancellation?: CancellationTokenSource): Promise<T> {
    const given = params === undefined ? [] : [params as object];
    return cancellation === undefined
      ? this.#connection.sendRequest<T>(method, ...(given as [object]))
      : this.#connection.sendRequest<T>(method, ...(given as [object]), cancellation.token);
  }

  cancellation(): CancellationTokenSource {
    return new CancellationTokenSource();
  }

  /** Asks about the whole workspace, and again after each `keyline/connectorsChanged`, until the answer fits. */
  async askUntil<T>(method: string, fits: (result: T) => boolean): Promise<T> {
    for (;;) {
      const result = await this.request<T>(method, {});
      if (fits(result)) return result;
      await this.next("keyline/connectorsChanged");
    }
  }

  /** The next message of that method that fits, waited for where it has not come; messages before it stay unread. */
  async next<T>(method: string, fits: (params: T) => boolean = () => true): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const index = this.#received.findIndex((message) => message.method === method && fits(message.params as T));
        if (index < 0) return;
        this.#waiting.delete(look);
        resolve(this.#received.splice(index, 1)[0]?.params as T);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async published(uri: string): Promise<PublishDiagnosticsParams> {
    return this.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", (params) => params.uri === uri);
  }

  /** What has come and nobody has read, after all that the server had to say until now. */
  async unread(): Promise<readonly string[]> {
    await this.request("test/ping", {}).catch(() => undefined);
    return this.#received.map((message) => message.method);
  }

  /** Drops messages that a test does not look at. */
  async ignore(...methods: readonly string[]): Promise<void> {
    await this.unread();
    for (let index = this.#received.length - 1; index >= 0; index--) {
      if (methods.includes(this.#received[index]?.method ?? "")) this.#received.splice(index, 1);
    }
  }

  async dispose(): Promise<void> {
    const unread = (await this.unread()).map((_, index) => this.#received[index]);
    expect(unread).toEqual([]);
    await this.request("shutdown", undefined);
    await this.#end();
    this.#connection.dispose();
    expect(this.#received).toEqual([]);
  }
}

export function rulesOf(diagnostics: readonly Diagnostic[]): readonly unknown[] {
  return diagnostics.map((diagnostic) => diagnostic.code);
}

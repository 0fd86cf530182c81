import type { Facts, VaultWant } from "../core/index.ts";
import type { UnknownReason } from "../core/model/facts.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import type { Clock } from "../host/clock.ts";
import type { Files } from "../host/files.ts";
import type { CredentialKind } from "./arguments.ts";

export interface OutputStream {
  /** Resolves when the text has been handed over. */
  write(text: string): Promise<void>;
  /** True for a terminal that shows colours. */
  readonly colours: boolean;
}

export interface VaultOptions {
  readonly credential: CredentialKind;
  readonly readJsonKeys: boolean;
  readonly gate: (vault: VaultTarget) => UnknownReason | undefined;
}

/** The part of a VaultIndex that a command-line run needs. */
export interface VaultLoader {
  load(wants: readonly VaultWant[], signal: AbortSignal): Promise<void>;
  facts(): Facts;
  dispose(): void;
}

/** Everything outside that the command line touches, so that tests can own it. */
export interface CliHost {
  readonly files: Files;
  readonly clock: Clock;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: OutputStream;
  readonly err: OutputStream;
  /** Called only when a vault has to be asked. */
  openVaults(options: VaultOptions): VaultLoader;
  /** Turns this process into the language server; resolves when it has started. */
  startLanguageServer(): Promise<void>;
}

import type { RequestRow } from "./requestRow.ts";
import type { Scene } from "./scene.ts";
import type { Capability, VaultWish } from "./subject.ts";

/** Objects match when each field named here does, lists entry by entry, texts as they are or by a pattern. */
export interface Expected {
  readonly status: number;
  /** Of the error. */
  readonly code?: string;
  /** Of the error's innererror. Null: there must be none. */
  readonly inner?: string | readonly string[] | null;
  readonly message?: string | RegExp;
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  readonly body?: unknown;
  /** What must not be anywhere in the answer. */
  readonly without?: string;
  /** What the access token in the answer says. */
  readonly claims?: unknown;
}

export interface ConformanceCase {
  readonly name: string;
  /** What decides that the answer has to be so. */
  readonly source: string;
  readonly needs?: readonly Capability[];
  readonly vault?: VaultWish;
  readonly arrange?: (scene: Scene) => Promise<void>;
  readonly request: RequestRow;
  readonly expect: Expected;
}

/** Real traffic in the history of azure-sdk-for-js, sdk/keyvault/keyvault-secrets/recordings. */
export function recorded(test: string): string {
  return `recorded by Azure SDK: ${test}`;
}

/** Real traffic in azure-cli, command_modules/keyvault/tests/latest/recordings. */
export function recordedByCli(test: string): string {
  return `recorded by Azure CLI: ${test}`;
}

/** The data plane's own description, azure-rest-api-specs. */
export const spec = "Key Vault's REST specification, 7.5 to 2026-04-01";

export function documented(page: string): string {
  return `Microsoft's documentation: ${page}`;
}

/** Real output that somebody pasted into a public issue. */
export function reported(what: string): string {
  return `real output in public issues: ${what}`;
}

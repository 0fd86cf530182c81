import type { Finding, NotVerifiedReason } from "../core/index.ts";
import type { LineMap } from "./lineMap.ts";

export interface CheckedFile {
  readonly name: string;
  readonly lines: LineMap;
  readonly findings: readonly Finding[];
}

/** What a check found, before it is written in any format. */
export interface CheckResult {
  /** Files with findings, in the order of the report. */
  readonly files: readonly CheckedFile[];
  readonly summary: CheckSummary;
}

export interface CheckSummary {
  readonly files: number;
  readonly references: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly hints: number;
  /** References, by the reason. */
  readonly notVerified: ReadonlyMap<NotVerifiedReason, NotVerifiedCount>;
  /** Secrets of the files whose own place in a secret manager is not verified, by the reason. */
  readonly secretsNotVerified: ReadonlyMap<NotVerifiedReason, NotVerifiedCount>;
}

export interface NotVerifiedCount {
  readonly count: number;
  /** The names of the files, in the order of the report. */
  readonly files: readonly string[];
}

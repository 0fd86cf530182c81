import type { UnknownReason } from "./facts.ts";
import type { UnknownScopeReason } from "./scope.ts";

/** Why a reference is not verified; beside the vault's own reasons those that lie in the text or the workspace. */
export type NotVerifiedReason =
  | UnknownReason
  | "dynamic"
  | "unknown-identifier"
  | "unknown-connector"
  | "incomplete-secret"
  | "impossible-name"
  | UnknownScopeReason
  | "several-definitions"
  | "other-secret-manager"
  | "json-path"
  | "file-too-large";

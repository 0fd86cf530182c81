import type { UnknownReason } from "./facts.ts";

/** Why a reference is not verified; beside the vault's own reasons those that lie in the text or the workspace. */
export type NotVerifiedReason =
  | UnknownReason
  | "dynamic"
  | "unknown-identifier"
  | "unknown-scope"
  | "other-secret-manager"
  | "json-path"
  | "file-too-large";

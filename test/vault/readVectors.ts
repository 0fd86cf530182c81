import { readFileSync } from "node:fs";

export interface VaultTargetVectors {
  readonly clouds: Readonly<Record<"public" | "usgov" | "china", { readonly suffix: string; readonly audience: string; readonly arm: string; readonly authority: string }>>;
  readonly names: readonly (readonly [string, boolean])[];
  readonly urls: readonly (readonly [string, boolean])[];
  readonly nextLinks: readonly (readonly [string, boolean])[];
}

export interface ErrorBody {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export function readVaultTargets(): VaultTargetVectors {
  return read("vault-targets.json") as VaultTargetVectors;
}

/** How Key Vault refuses. */
export function readErrorBodies(): readonly ErrorBody[] {
  return (read("error-bodies.json") as { readonly dataPlane: readonly ErrorBody[] }).dataPlane;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
}

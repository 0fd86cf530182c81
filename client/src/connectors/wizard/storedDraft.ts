import type { ConnectorDraft } from "./connectorDraft.ts";

/** A draft that was left under way. */
export interface StoredDraft {
  readonly draft: ConnectorDraft;
  /** The step to go on at. */
  readonly step?: string;
}

const texts = ["org", "project", "name", "identifier", "description", "tags", "clientId", "tenantId", "secretKey", "managedClientId", "delegateSelectors", "subscription", "vaultName", "fetchTenant"] as const;
const flags = ["enablePurge", "vaultConfiguredManually", "purgeProtected"] as const;
const words = {
  level: ["account", "org", "project"],
  credentials: ["specify", "delegate"],
  environment: ["AZURE", "AZURE_US_GOVERNMENT"],
  managedIdentity: ["system", "user"],
} as const;

/** What an earlier run has stored, maybe of another version: where an answer has another form, all boxes are gone through again. A test's result is of its day, so it is dropped. */
export function readStoredDraft(stored: unknown): StoredDraft | undefined {
  if (!isRecord(stored) || !isRecord(stored["draft"])) return undefined;
  const { draft, step } = stored;
  const answers = Object.entries(draft).filter(([field, value]) => field !== "test" && value !== undefined);
  const kept = answers.filter(([field, value]) => isAnswer(field, value));
  const canGoOn = typeof step === "string" && kept.length === answers.length;
  return { draft: Object.fromEntries(kept), ...(canGoOn ? { step } : {}) };
}

function isAnswer(field: string, value: unknown): boolean {
  if (includes(texts, field)) return typeof value === "string";
  if (includes(flags, field)) return typeof value === "boolean";
  return Object.entries(words).some(([name, known]) => name === field && includes(known, value));
}

function includes(list: readonly string[], value: unknown): boolean {
  return typeof value === "string" && list.includes(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

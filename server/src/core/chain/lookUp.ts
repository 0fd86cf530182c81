/** Which secret or connector an identifier means: the one place that says so. */
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import type { FileScope, Scope, ScopeLevel } from "../model/scope.ts";
import { possibleScopes, resolveScope } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { WorkspaceModel } from "../model/workspaceModel.ts";

/** Harness's own secret manager, which no file defines. */
export const builtInManager = "harnessSecretManager";

export interface FoundSecret {
  /** Absent where it depends on the run. */
  readonly scope?: Scope;
  readonly secret?: SecretEntity;
  /** All that may be meant, where that is not certain. */
  readonly several?: readonly SecretEntity[];
}

export interface FoundConnector {
  readonly identifier: string;
  /** Absent where it depends on the run. */
  readonly scope?: Scope;
  readonly connector?: ConnectorEntity;
  /** All that may be meant, where that is not certain. */
  readonly several?: readonly ConnectorEntity[];
  /** Set where a lower scope is named. */
  readonly mismatch?: string;
}

/** The secret that a reference in a file of scope `from` means. */
export function findSecret(workspace: WorkspaceModel, level: ScopeLevel | undefined, identifier: string, from: FileScope): FoundSecret {
  if (level === undefined) return {};
  const scope = resolveScope(level, from);
  const { entity, several } = workspace.secretMeant(scope, identifier);
  return { ...(scope === undefined ? {} : { scope }), ...(entity === undefined ? {} : { secret: entity }), ...(several === undefined ? {} : { several }) };
}

/** The connector that a path in a file of scope `from` means. */
export function findPathConnector(workspace: WorkspaceModel, level: ScopeLevel | undefined, identifier: string, from: FileScope): FoundConnector {
  return level === undefined ? { identifier } : { identifier, ...connectorIn(workspace, resolveScope(level, from), identifier) };
}

/** The connector that a secret's `secretManagerIdentifier` names. Without a prefix it is in the secret's own scope. */
export function findConnector(workspace: WorkspaceModel, written: string, from: FileScope): FoundConnector {
  const match = /^(?:(account|org)\.)?([^.]+)$/.exec(written);
  const identifier = match?.[2] ?? written;
  if (identifier === builtInManager) return { identifier };
  const level = match?.[1] as "account" | "org" | undefined;
  if (level === "org" && from.level === "account") {
    return { identifier, mismatch: `"org." means an organization's connector, and an account-level secret can use account connectors only. Write "account.${shownText(identifier)}"` };
  }
  const scope = level === undefined ? (from.level === "unknown" ? undefined : from) : resolveScope(level, from);
  return { identifier, ...connectorIn(workspace, scope, identifier) };
}

/** The first of the scopes that a file may have in which something is found. */
export function firstFound<T>(from: FileScope, find: (scope: FileScope) => T | undefined): T | undefined {
  for (const scope of possibleScopes(from)) {
    const found = find(scope);
    if (found !== undefined) return found;
  }
  return undefined;
}

function connectorIn(workspace: WorkspaceModel, scope: Scope | undefined, identifier: string): Omit<FoundConnector, "identifier"> {
  const { entity, several } = workspace.connectorMeant(scope, identifier);
  return { ...(scope === undefined ? {} : { scope }), ...(entity === undefined ? {} : { connector: entity }), ...(several === undefined ? {} : { several }) };
}

/** Which secret or connector an identifier means: the one place that says so. */
import type { ConnectorEntity, SecretEntity } from "../model/entities.ts";
import type { FileScope, Scope, ScopeLevel } from "../model/scope.ts";
import { resolveScope } from "../model/scope.ts";
import type { WorkspaceModel } from "../model/workspaceModel.ts";

/** Harness's own secret manager, which no file defines. */
export const builtInManager = "harnessSecretManager";

export interface FoundSecret {
  /** Absent where it depends on the run. */
  readonly scope?: Scope;
  readonly secret?: SecretEntity;
}

export interface FoundConnector {
  readonly identifier: string;
  /** Absent where it depends on the run. */
  readonly scope?: Scope;
  readonly connector?: ConnectorEntity;
  /** Set where a lower scope is named. */
  readonly mismatch?: string;
}

/** The secret that a reference in a file of scope `from` means. */
export function findSecret(workspace: WorkspaceModel, level: ScopeLevel | undefined, identifier: string, from: FileScope): FoundSecret {
  const scope = level === undefined ? undefined : resolveScope(level, from);
  if (scope === undefined) return {};
  const secret = workspace.secret(scope, identifier);
  return { scope, ...(secret === undefined ? {} : { secret }) };
}

/** The connector that a path in a file of scope `from` means. */
export function findPathConnector(workspace: WorkspaceModel, level: ScopeLevel | undefined, identifier: string, from: FileScope): FoundConnector {
  const scope = level === undefined ? undefined : resolveScope(level, from);
  return scope === undefined ? { identifier } : { identifier, scope, ...connectorIn(workspace, scope, identifier) };
}

/** The connector that a secret's `secretManagerIdentifier` names. Without a prefix it is in the secret's own scope. */
export function findConnector(workspace: WorkspaceModel, written: string, from: FileScope): FoundConnector {
  const match = /^(?:(account|org)\.)?([^.]+)$/.exec(written);
  const identifier = match?.[2] ?? written;
  if (identifier === builtInManager) return { identifier };
  const level = match?.[1] as "account" | "org" | undefined;
  if (level === "org" && from.level === "account") {
    return { identifier, mismatch: "This is an organization-level connector, and an account-level secret can use account connectors only. Write account.id" };
  }
  const scope = level === undefined ? (from.level === "unknown" ? undefined : from) : resolveScope(level, from);
  return scope === undefined ? { identifier } : { identifier, scope, ...connectorIn(workspace, scope, identifier) };
}

function connectorIn(workspace: WorkspaceModel, scope: Scope, identifier: string): Pick<FoundConnector, "connector"> {
  const connector = workspace.connector(scope, identifier);
  return connector === undefined ? {} : { connector };
}

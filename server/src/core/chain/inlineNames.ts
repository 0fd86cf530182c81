/** Inline secrets that overwrite each other: Harness keeps each in its vault under its Name alone (Harness: AzureVaultEncryptor). */
import type { SecretEntity } from "../model/entities.ts";
import { fileNameOf } from "../model/fileNameOf.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding } from "../model/newFinding.ts";
import type { FileScope } from "../model/scope.ts";
import { scopeKey, scopeWords } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { vaultKey } from "../model/vaultTarget.ts";
import type { WorkspaceModel } from "../model/workspaceModel.ts";
import { findConnector } from "./lookUp.ts";
import { placeOfSecret } from "./secretPlace.ts";

/** For each inline secret of the file that shares its Name and vault with another one of the workspace. Both scopes are known: else the two may be one secret. */
export function inlineNameFindings({ analysis, workspace }: Snapshot): readonly Finding[] {
  return analysis.entities.map((entity) => workspace.place(entity)).flatMap((entity) => {
    const kept = entity.kind === "secret" ? inlinePlace(workspace, entity) : undefined;
    if (entity.kind !== "secret" || kept === undefined) return [];
    const other = indexOf(workspace).get(kept.key)?.find((candidate) => isAnother(candidate, entity));
    if (other === undefined) return [];
    const both = `${secretWords(entity)} and ${secretWords(other)} (${shownText(fileNameOf(other.origin.uri))})`;
    const message = `Inline secrets ${both} have the same Name, under which vault ${kept.vault.name} keeps them: each overwrites the other's value. Change one of the Names`;
    return [newFinding("akv-inline-name-collision", entity.nameSpan ?? entity.origin.identifierSpan, message)];
  });
}

/** The inline secrets by vault and Name, each secret once. */
type InlineIndex = ReadonlyMap<string, readonly SecretEntity[]>;
const indexes = new WeakMap<WorkspaceModel, InlineIndex>();

/** Made once for each model. */
function indexOf(workspace: WorkspaceModel): InlineIndex {
  let index = indexes.get(workspace);
  if (index === undefined) {
    const secrets = new Map<string, Map<string, SecretEntity>>();
    for (const entity of workspace.entities) {
      const kept = entity.kind === "secret" ? inlinePlace(workspace, entity) : undefined;
      if (entity.kind !== "secret" || kept === undefined) continue;
      const sharing = secrets.get(kept.key) ?? new Map<string, SecretEntity>();
      secrets.set(kept.key, sharing.set(`${placeOf(entity.scope)} ${entity.identifier}`, entity));
    }
    index = new Map([...secrets].map(([key, sharing]) => [key, [...sharing.values()]] as const));
    indexes.set(workspace, index);
  }
  return index;
}

/** The vault that an inline text of known scope is surely kept in; undefined where two definitions of the secret or its connector differ. */
function inlinePlace(workspace: WorkspaceModel, secret: SecretEntity): { readonly key: string; readonly vault: VaultTarget } | undefined {
  const { scope, identifier, type, valueType, name, connector } = secret;
  if (scope.level === "unknown" || type !== "SecretText" || valueType !== "Inline" || connector === undefined || isConnectorDisputed(workspace, secret, connector)) return undefined;
  const counted = workspace.secret(scope, identifier);
  if (counted?.name !== name || counted?.connector !== connector || counted.valueType !== valueType) return undefined;
  const kept = placeOfSecret(workspace, secret);
  return kept === undefined ? undefined : { key: `${vaultKey(kept.vault)} ${kept.name.toLowerCase()}`, vault: kept.vault };
}

/** What keyline.jsonc says of a connector is certain, whatever the files say. */
function isConnectorDisputed(workspace: WorkspaceModel, secret: SecretEntity, written: string): boolean {
  const { scope, connector } = findConnector(workspace, written, secret.scope);
  const definitions = scope === undefined || connector === undefined ? undefined : workspace.definitionsOf(scope, connector.identifier);
  return definitions !== undefined && connector === definitions.last && vaultWord(definitions.first.vault) !== vaultWord(definitions.last.vault);
}

function vaultWord(vault: VaultTarget | undefined): string {
  return vault === undefined ? "" : vaultKey(vault);
}

/** One secret may be given twice. */
function isAnother(a: SecretEntity, b: SecretEntity): boolean {
  return a.identifier !== b.identifier || placeOf(a.scope) !== placeOf(b.scope);
}

function placeOf(scope: FileScope): string {
  return scope.level === "unknown" ? "" : scopeKey(scope);
}

function secretWords({ scope, identifier }: SecretEntity): string {
  const words = scope.level === "unknown" ? "" : ` of ${scopeWords(scope)}`;
  return `"${shownText(identifier)}"${words}`;
}

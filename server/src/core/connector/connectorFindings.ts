/** What other files, vaults and Resource Manager show to be wrong with a Key Vault connector. All of it rests on positive answers. */
import { followReference } from "../chain/follow.ts";
import { directoryVault } from "../model/azureDirectory.ts";
import type { ConnectorEntity, KeyVaultSettings } from "../model/entities.ts";
import type { EntityOutline, OutlineField } from "../model/entityOutline.ts";
import { fieldOf, outlineAt } from "../model/entityOutline.ts";
import { fileNameOf } from "../model/fileNameOf.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { referenceIn } from "../model/referenceAt.ts";
import { scopeKey, scopeWords } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { isGuid, vaultKey } from "../model/vaultTarget.ts";
import { keyVaultType } from "../syntax/connectorFaults.ts";
import { insertFix, insertLines } from "../syntax/outlineEdits.ts";

export function connectorFindings(snapshot: Snapshot): readonly Finding[] {
  return snapshot.analysis.outlines.flatMap((outline) => findingsOfConnector(snapshot, outline));
}

export function findingsOfConnector(snapshot: Snapshot, outline: EntityOutline): readonly Finding[] {
  const connector = outline.defines === undefined ? undefined : snapshot.workspace.place(outline.defines);
  if (outline.kind !== "connector" || outline.type !== keyVaultType) return [];
  const secret = secretElsewhere(snapshot, outline);
  if (connector?.kind !== "connector") return secret;
  const subject: Subject = { snapshot, outline, connector, settings: connector.settings ?? {} };
  const tenant = tenantNotFound(subject);
  const { vault } = connector;
  const vaultName = fieldOf(outline.spec, "vaultName");
  if (vault === undefined || vaultName === undefined) return [...secret, ...duplicates(subject), ...tenant];
  return [
    ...secret,
    ...duplicates(subject),
    ...sameVault(subject, vault, vaultName),
    ...purgeProtection(subject, vault),
    ...testSecrets(subject, vault, vaultName),
    ...vaultNotFound(subject, vault, vaultName),
    ...tenant,
    ...vaultElsewhere(subject, vault),
  ];
}

/** The secret that Harness's own Test Connection writes and leaves behind (Harness: AzureVaultEncryptor). */
const harnessTestSecret = "harnessAzureVaultValidation";
/** What Keyline's own write test is named. */
const ownTestSecret = /^harness-test-[0-9a-f]{16}$/;

/** What is looked at, with the fields that the connector certainly has. */
interface Subject {
  readonly snapshot: Snapshot;
  readonly outline: EntityOutline;
  readonly connector: ConnectorEntity;
  readonly settings: KeyVaultSettings;
}

/** Harness refuses a connector whose own credential lies in a vault that a connector must open first. */
function secretElsewhere(snapshot: Snapshot, outline: EntityOutline): readonly Finding[] {
  const field = fieldOf(outline.spec, "secretKey");
  const reference = field === undefined ? undefined : referenceIn(snapshot.analysis, field.valueSpan);
  if (field === undefined || reference === undefined) return [];
  const { secret, connector, builtIn } = followReference(snapshot, reference);
  const manager = secret?.connector;
  if (secret === undefined || manager === undefined || builtIn === true || connector?.type === "Local") return [];
  return [
    newFinding(
      "secret-key-elsewhere",
      reference.argument.span,
      `Secret "${shownText(secret.identifier)}" is kept in "${shownText(manager)}", and Harness takes a connector's own key from its built-in secret manager alone. Keep it in harnessSecretManager, or name another secret`,
    ),
  ];
}

/**
 * Within one file the second definition is surely wrong. Two files may belong to two Harness accounts, so only that they
 * differ is told: Keyline follows one of them.
 */
function duplicates({ snapshot, outline, connector }: Subject): readonly Finding[] {
  const { scope, identifier, origin } = connector;
  const definitions = scope.level === "unknown" ? undefined : snapshot.workspace.definitionsOf(scope, identifier);
  if (scope.level === "unknown" || definitions === undefined) return [];
  const { first, last, repeatedIn } = definitions;
  const at = origin.identifierSpan;
  const named = `Connector "${shownText(identifier)}" in ${scopeWords(scope)}`;
  if (repeatedIn.has(origin.uri) && !outline.entity.open) {
    return [newFinding("connector-duplicate", at, `${named} is defined twice in this file. Give one of them another identifier, or remove it`)];
  }
  const isFollowed = last.origin.uri === origin.uri;
  const other = isFollowed ? first : last;
  // What keyline.jsonc says of a connector wins, whatever the files say.
  const isConfigured = snapshot.workspace.connector(scope, identifier) !== last;
  if (other.origin.uri === origin.uri || isConfigured || isSame(other, connector)) return [];
  const message = `${named} is defined differently in ${shownText(fileNameOf(other.origin.uri))}, and Keyline follows ${isFollowed ? "this one" : "that one"}. Keep one, or exclude the other in keyline.jsonc`;
  return [newFinding("connector-duplicate", at, message, { severity: "warning" })];
}

function isSame(a: ConnectorEntity, b: ConnectorEntity): boolean {
  return a.type === b.type && JSON.stringify(a.settings ?? {}) === JSON.stringify(b.settings ?? {});
}

function sameVault({ snapshot, connector }: Subject, vault: VaultTarget, field: OutlineField): readonly Finding[] {
  const { workspace } = snapshot;
  const all = workspace.connectorsOn(vault);
  const key = connectorKey(connector);
  // Two files of unknown scope may define one connector.
  const mayBeOne = (candidate: ConnectorEntity): boolean => candidate.identifier === connector.identifier && (candidate.scope.level === "unknown" || connector.scope.level === "unknown");
  const other = all.find((candidate) => connectorKey(candidate) !== key && !mayBeOne(candidate));
  if (other === undefined) return [];
  const own = connector.scope.level === "unknown" ? connector : workspace.connector(connector.scope, connector.identifier);
  const isListed = own?.vault !== undefined && vaultKey(own.vault) === vaultKey(vault);
  const more = all.length - (isListed ? 2 : 1);
  const where = other.scope.level === "unknown" ? "" : ` in ${scopeWords(other.scope)}`;
  return [
    newFinding(
      "connector-same-vault",
      field.valueSpan,
      `Connector "${shownText(other.identifier)}"${where}${more > 0 ? ` (and ${String(more)} more)` : ""} opens this vault too. Inline secrets of the same Name overwrite each other there: keep their Names apart`,
    ),
  ];
}

function connectorKey({ scope, identifier, origin }: ConnectorEntity): string {
  return scope.level === "unknown" ? `${origin.uri} ${identifier}` : `${scopeKey(scope)} ${identifier}`;
}

function purgeProtection({ snapshot, outline, settings }: Subject, vault: VaultTarget): readonly Finding[] {
  const field = fieldOf(outline.spec, "enablePurge");
  if (settings.enablePurge !== true || field === undefined) return [];
  if (directoryVault(snapshot.directory, vault)?.purgeProtection !== true && !snapshot.facts.isPurgeProtected(vault)) return [];
  return [
    newFinding("akv-purge-protection", field.valueSpan, `Vault ${vault.name} has purge protection, so nobody can purge its secrets, and Harness fails to delete one. Write enablePurge: false`, {
      fixes: [replaceFix('Write "false"', field.valueSpan, "false")],
    }),
  ];
}

function testSecrets({ snapshot }: Subject, vault: VaultTarget, field: OutlineField): readonly Finding[] {
  const listing = snapshot.facts.listing(vault);
  if (listing.state === "unknown" || listing.stale !== undefined) return [];
  const left = snapshot.facts.listed(vault, harnessTestSecret);
  if (left !== undefined) {
    return [newFinding("akv-test-secret", field.valueSpan, `Vault ${vault.name} holds ${harnessTestSecret}, which Harness's Test Connection writes and never deletes. Delete it if no one needs it; the next test writes it anew`)];
  }
  const own = listing.value.secrets.find(({ name }) => ownTestSecret.test(name));
  if (own === undefined) return [];
  return [newFinding("akv-test-secret", field.valueSpan, `Vault ${vault.name} holds ${own.name}, which a connection test of Keyline has left. Delete it once no test is running`)];
}

function vaultNotFound({ snapshot }: Subject, vault: VaultTarget, field: OutlineField): readonly Finding[] {
  const { directory, facts } = snapshot;
  const listing = facts.listing(vault);
  if (directoryVault(directory, vault) !== undefined || (listing.state === "known" && listing.stale === undefined)) return [];
  const named = `named "${shownText(vault.name)}"`;
  if (directory.freeNames.includes(vaultKey(vault))) {
    return [newFinding("akv-vault-not-found", field.valueSpan, `Azure says that no vault is ${named} in this cloud. Write the name of another, or create it`)];
  }
  if (listing.state === "known" || listing.reason !== "vault-not-found") return [];
  return [newFinding("akv-vault-not-found", field.valueSpan, `Azure answered that no vault is ${named}; it may be deleted. Check the name, or recover the vault`, { severity: "warning" })];
}

function tenantNotFound({ snapshot, outline, connector, settings }: Subject): readonly Finding[] {
  const field = fieldOf(outline.spec, "tenantId");
  const tenant = settings.tenantId?.toLowerCase();
  if (field === undefined || tenant === undefined || !isGuid(tenant)) return [];
  const { vault } = connector;
  const listing = vault === undefined ? undefined : snapshot.facts.listing(vault);
  const isRefused = listing?.state === "unknown" && listing.reason === "tenant-not-found" && vault !== undefined && snapshot.facts.target(vault)?.tenant?.toLowerCase() === tenant;
  if (!isRefused && !snapshot.directory.unknownTenants.includes(tenant)) return [];
  return [newFinding("akv-tenant-not-found", field.valueSpan, "Entra answered that this tenant does not exist. Write the ID of the vault's tenant")];
}

/** A vault's name is unique in its cloud: whoever listed it has seen this very one. */
function vaultElsewhere({ snapshot, outline, settings }: Subject, vault: VaultTarget): readonly Finding[] {
  const listed = directoryVault(snapshot.directory, vault);
  if (listed === undefined) return [];
  const differs = (name: "subscription" | "tenantId", what: string, right: string): readonly Finding[] => {
    const field = fieldOf(outline.spec, name);
    const value = settings[name];
    if (field === undefined || value === undefined || !isGuid(value) || !isGuid(right) || value.toLowerCase() === right.toLowerCase()) return [];
    return [
      newFinding("akv-vault-elsewhere", field.valueSpan, `Vault ${vault.name} belongs to ${what} ${right}. Write that, or the name of another vault`, { fixes: [replaceFix(`Write "${right}"`, field.valueSpan, right)] }),
    ];
  };
  return [...differs("subscription", "subscription", listed.subscription), ...differs("tenantId", "tenant", listed.tenant)];
}

/** The finding of a missing subscription, with the one that Resource Manager says the vault is in. */
export function withSubscription({ analysis, directory }: Snapshot, finding: Finding): Finding {
  const outline = outlineAt(analysis.outlines, finding.span.start);
  const vault = outline?.defines?.kind === "connector" ? outline.defines.vault : undefined;
  const subscription = vault === undefined ? undefined : directoryVault(directory, vault)?.subscription;
  if (outline?.spec === undefined || subscription === undefined || !isGuid(subscription)) return finding;
  const title = `Write "subscription: ${subscription}"`;
  const field = fieldOf(outline.spec, "subscription");
  if (field === undefined) return { ...finding, fixes: insertFix(title, insertLines(analysis.text, outline.spec, [`subscription: ${subscription}`], "vaultName"), true) };
  return field.style === "empty" ? { ...finding, fixes: [replaceFix(title, field.valueSpan, ` ${subscription}`)] } : finding;
}

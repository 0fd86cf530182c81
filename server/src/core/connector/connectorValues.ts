/** The values that can be written into a field of a connector, and the secret managers that a secret can be kept in. */
import { scopeOf } from "../chain/follow.ts";
import { offeredScopes } from "../chain/scopeFindings.ts";
import type { AzureSubscription, AzureVault } from "../model/azureDirectory.ts";
import type { CompletionItem, CompletionKind, CompletionList } from "../model/completionItem.ts";
import { maxLabel, maxNames, noItems } from "../model/completionItem.ts";
import { secretManagerTypes } from "../model/entities.ts";
import { fieldOf } from "../model/entityOutline.ts";
import { environments, identityTypes, keyVaultField } from "../model/keyVaultFields.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { isSubsequence } from "../model/subsequence.ts";
import type { Cloud } from "../model/vaultTarget.ts";
import { isGuid, isVaultName } from "../model/vaultTarget.ts";
import { keyVaultType } from "../syntax/connectorFaults.ts";
import type { ValueContext } from "../syntax/outlineContext.ts";
import { isConnectorIdentifier } from "../model/identifiers.ts";

/** Of more than can be sent, those that fit what is typed before `offset`. */
export function valueItems(snapshot: Snapshot, context: ValueContext, offset: number): CompletionList {
  const typed = snapshot.analysis.text.slice(context.span.start, offset).toLowerCase();
  const fitting = offers(snapshot, context).filter(({ text, filter = text }) => isSubsequence(typed, filter.toLowerCase()));
  const items = fitting.slice(0, maxNames).map(({ text, label = text, kind = "value", detail, filter = text }, index): CompletionItem => ({
    label: shownText(label, maxLabel),
    kind,
    ...(detail === undefined || detail === "" ? {} : { detail: shownText(detail, maxLabel) }),
    span: context.span,
    newText: text + context.closing,
    filterText: shownText(filter, 2 * maxLabel),
    sortText: String(index).padStart(5, "0"),
  }));
  return { ...noItems, items, incomplete: items.length < fitting.length };
}

interface Offer {
  readonly text: string;
  readonly label?: string;
  readonly kind?: CompletionKind;
  readonly detail?: string;
  /** What the typed text is matched against. */
  readonly filter?: string;
}

function offers(snapshot: Snapshot, context: ValueContext): readonly Offer[] {
  const { outline, level, key } = context;
  if (key === "orgIdentifier" && level === "entity") return scopeNames(snapshot, ({ org }) => org);
  if (key === "projectIdentifier" && level === "entity") return projectNames(snapshot, fieldOf(outline.entity, "orgIdentifier")?.value);
  if (outline.kind === "secret") return level === "spec" && key === "secretManagerIdentifier" ? secretManagers(snapshot, context) : [];
  if (level === "entity") return key === "type" ? types() : [];
  return outline.type === keyVaultType ? fieldOffers(snapshot, context) : [];
}

function fieldOffers(snapshot: Snapshot, context: ValueContext): readonly Offer[] {
  switch (keyVaultField(context.key)?.form) {
    case "environment":
      return environments.map((text) => ({ text, detail: text === "AZURE" ? "Azure, the default" : "Azure US Government" }));
    case "identity":
      return identityTypes.map((text) => ({ text, detail: text === "UserAssignedManagedIdentity" ? "needs managedClientId" : "the delegate's own" }));
    case "switch":
      return ["true", "false"].map((text) => ({ text }));
    case "selectors":
      return selectors(snapshot);
    case "vault":
      return vaults(snapshot, context);
    case "guid":
      return context.key === "subscription" ? subscriptions(snapshot, context) : context.key === "tenantId" ? tenants(snapshot, context) : [];
    case "secret":
    case undefined:
      return [];
  }
}

function types(): readonly Offer[] {
  return secretManagerTypes.filter((type) => type !== "Local").map((text) => ({ text, detail: text === keyVaultType ? "Azure Key Vault" : "another secret manager" }));
}

function cloudOf({ outline }: ValueContext): Cloud | undefined {
  const environment = fieldOf(outline.spec, "azureEnvironmentType")?.value ?? "";
  if (environment === "" || environment === "AZURE") return "public";
  return environment === "AZURE_US_GOVERNMENT" ? "usgov" : undefined;
}

/** Those of the connector's cloud; first those of its subscription and tenant. */
function vaults({ directory }: Snapshot, context: ValueContext): readonly Offer[] {
  const cloud = cloudOf(context);
  const subscription = fieldOf(context.outline.spec, "subscription")?.value?.toLowerCase();
  const tenant = fieldOf(context.outline.spec, "tenantId")?.value?.toLowerCase();
  const distance = (vault: AzureVault): number => (vault.subscription.toLowerCase() === subscription ? 0 : 2) + (vault.tenant.toLowerCase() === tenant ? 0 : 1);
  return directory.vaults
    .filter((vault) => vault.cloud === cloud && isVaultName(vault.name))
    .sort((a, b) => distance(a) - distance(b) || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map((vault) => ({ text: vault.name, kind: "vault" as const, detail: vaultDetail(vault) }));
}

function vaultDetail({ resourceGroup, rbac, purgeProtection, publicAccess }: AzureVault): string {
  return [shownText(resourceGroup, 60), rbac ? "RBAC" : "access policies", ...(purgeProtection ? ["purge protection"] : []), ...(publicAccess ? [] : ["no public access"])].join(" · ");
}

/** The one that holds the vault first; what is typed may be a part of the name or of the ID. */
function subscriptions({ directory }: Snapshot, context: ValueContext): readonly Offer[] {
  const cloud = cloudOf(context);
  const own = ownVault(directory.vaults, context)?.subscription.toLowerCase();
  const rank = ({ id, state }: AzureSubscription): number => (id.toLowerCase() === own ? 0 : state === "Enabled" ? 1 : 2);
  return directory.subscriptions
    .filter(({ id, cloud: its }) => its === cloud && isGuid(id))
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
    .map(({ id, name, state }) => ({ text: id, label: name === "" ? id : name, kind: "subscription" as const, detail: state === "Enabled" ? id : `${id} · ${state}`, filter: `${id} ${name}` }));
}

function tenants({ directory }: Snapshot, context: ValueContext): readonly Offer[] {
  const cloud = cloudOf(context);
  const own = ownVault(directory.vaults, context)?.tenant;
  const named = new Map<string, string>();
  const add = (tenant: string | undefined, words: string): void => {
    const id = tenant?.toLowerCase();
    if (id !== undefined && isGuid(id) && !named.has(id)) named.set(id, words);
  };
  add(own, "the vault's tenant");
  for (const subscription of directory.subscriptions) if (subscription.cloud === cloud) add(subscription.tenant, `of subscription ${subscription.name}`);
  for (const vault of directory.vaults) if (vault.cloud === cloud) add(vault.tenant, `of vault ${vault.name}`);
  return [...named].map(([text, detail]) => ({ text, detail, filter: `${text} ${detail}` }));
}

function ownVault(all: readonly AzureVault[], context: ValueContext): AzureVault | undefined {
  const name = fieldOf(context.outline.spec, "vaultName")?.value?.toLowerCase();
  const cloud = cloudOf(context);
  return all.find((vault) => vault.cloud === cloud && vault.name.toLowerCase() === name);
}

/** The selectors of the workspace's other connectors. */
function selectors({ workspace }: Snapshot): readonly Offer[] {
  const known = new Map<string, string>();
  for (const entity of workspace.entities) {
    for (const selector of (entity.kind === "connector" ? entity.settings?.delegateSelectors : undefined) ?? []) {
      if (/^[\w.-]{1,120}$/.test(selector) && !known.has(selector)) known.set(selector, `as in ${entity.identifier}`);
    }
  }
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, detail]) => ({ text, detail }));
}

interface Names {
  readonly org?: string;
  readonly project?: string;
}

function scopeNames(snapshot: Snapshot, nameOf: (names: Names) => string | undefined): readonly Offer[] {
  const names = new Set<string>();
  for (const scope of knownScopes(snapshot)) {
    const name = nameOf(scope);
    if (name !== undefined && isConnectorIdentifier(name)) names.add(name);
  }
  return [...names].sort().map((text) => ({ text, detail: "in this workspace" }));
}

function projectNames(snapshot: Snapshot, org: string | undefined): readonly Offer[] {
  return scopeNames(snapshot, (names) => (org === undefined || org === "" || names.org === org ? names.project : undefined));
}

/** The organizations and projects that files, paths and keyline.jsonc name. */
function knownScopes({ workspace, analysis }: Snapshot): readonly Names[] {
  const { organization, project } = workspace.config;
  const configured: Names = { ...(organization === undefined ? {} : { org: organization }), ...(project === undefined ? {} : { project }) };
  const scopes = workspace.entities.map(({ scope }): Names => (scope.level === "org" || scope.level === "project" ? scope : {}));
  return [configured, analysis.pathScope, ...scopes];
}

/** The secret managers of the secret's own scope and of those above it. The built-in one is in each. */
function secretManagers(snapshot: Snapshot, { outline }: ValueContext): readonly Offer[] {
  const own = scopeOf(snapshot, outline.document);
  const unplaced = snapshot.workspace.unplaced().filter((entity) => entity.kind === "connector" && secretManagerTypes.includes(entity.type) && isConnectorIdentifier(entity.identifier));
  const ofUnknownScope = unplaced.map(({ identifier }): Offer => ({ text: identifier, kind: "connector", detail: "of unknown scope" }));
  return [...ofUnknownScope, ...offeredScopes(own).flatMap((scope) => {
    // Without a prefix a secret manager is looked up in the secret's own scope.
    const prefix = scope.level === own.level ? "" : `${scope.level}.`;
    const connectors = snapshot.workspace.connectorsIn(scope).filter(({ type, identifier }) => secretManagerTypes.includes(type) && isConnectorIdentifier(identifier));
    return [
      ...connectors.map(({ identifier, type, vault }): Offer => ({ text: prefix + identifier, kind: "connector", detail: vault === undefined ? type : `vault ${vault.name}` })),
      { text: `${prefix}harnessSecretManager`, kind: "connector" as const, detail: "Harness's built-in secret manager" },
    ];
  })];
}

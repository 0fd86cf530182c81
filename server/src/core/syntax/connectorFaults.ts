/**
 * What the text of an AzureKeyVault connector alone shows to be wrong. Placeholders, and whatever a template may still
 * put in, are never wrong.
 */
import type { Finding, Fix } from "../model/finding.ts";
import type { EntityOutline, OutlineField, OutlineMap } from "../model/entityOutline.ts";
import { fieldOf } from "../model/entityOutline.ts";
import { formatAnd } from "../model/formatList.ts";
import { keyVaultField, keyVaultFields } from "../model/keyVaultFields.ts";
import { nearest } from "../model/nearest.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { shownText } from "../model/shownText.ts";
import { valueFault } from "./connectorValues.ts";
import { insertFix, insertLines, removeFix } from "./outlineEdits.ts";
import { isPlaceholder } from "./recognise.ts";

export const keyVaultType = "AzureKeyVault";

export function connectorFaults(text: string, outline: EntityOutline): readonly Finding[] {
  if (outline.kind !== "connector") return [];
  if (outline.type !== keyVaultType) return wrongType(outline);
  const { spec } = outline;
  const misspelt = misspeltFields(spec);
  const faults = [...missingFields(text, outline, misspelt), ...conflicts(text, spec)];
  for (const [field, meant] of misspelt) {
    const isMissed = faults.some(({ rule, span }) => rule === "connector-missing-field" && span.start === field.keySpan.start);
    if (!isMissed) faults.push(unknownField(field, meant));
  }
  for (const { name } of keyVaultFields) {
    const field = fieldOf(spec, name);
    const fault = field !== undefined && isWritten(field) ? valueFault(text, field, spec) : undefined;
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

/** Only what is all but the type of a Key Vault connector: Harness has many others. */
function wrongType({ type, entity }: EntityOutline): readonly Finding[] {
  const field = fieldOf(entity, "type");
  if (type === undefined || field === undefined || nearest(type, [keyVaultType]) === undefined) return [];
  return [
    newFinding("connector-unknown-value", field.valueSpan, `Harness has no connector type "${shownText(type)}". Write ${keyVaultType}`, {
      fixes: [replaceFix(`Write "${keyVaultType}"`, field.valueSpan, keyVaultType)],
    }),
  ];
}

type Presence = "absent" | "empty" | "written" | "unknown";

function presence(spec: OutlineMap | undefined, name: string): Presence {
  const field = fieldOf(spec, name);
  if (field === undefined) return "absent";
  if (isEmpty(field)) return "empty";
  return isWritten(field) ? "written" : "unknown";
}

/** True for a scalar whose text is what Harness will read. */
function isWritten(field: OutlineField): boolean {
  return field.value !== undefined && !isEmpty(field) && !isPlaceholder(field.value);
}

function isEmpty({ value, style }: OutlineField): boolean {
  return value === "" || (style === "plain" && (value === "null" || value === "~"));
}

/** Undefined where it is not known: a placeholder, or no boolean. */
function usesManagedIdentity(spec: OutlineMap | undefined): boolean | undefined {
  const field = fieldOf(spec, "useManagedIdentity");
  if (field === undefined || isEmpty(field)) return false;
  const value = field.value?.toLowerCase();
  return value === "true" ? true : value === "false" ? false : undefined;
}

const keyFields = ["clientId", "tenantId", "secretKey"];

function requiredFields(spec: OutlineMap | undefined): readonly string[] {
  const managed = usesManagedIdentity(spec);
  if (managed === undefined) return ["vaultName"];
  if (!managed) return [...keyFields, "vaultName"];
  const isUserAssigned = fieldOf(spec, "azureManagedIdentityType")?.value === "UserAssignedManagedIdentity";
  return ["azureManagedIdentityType", ...(isUserAssigned ? ["managedClientId"] : []), "vaultName"];
}

function missingFields(text: string, outline: EntityOutline, misspelt: ReadonlyMap<OutlineField, string>): Finding[] {
  const { spec, entity } = outline;
  // Something else may bring fields: a merge key, an alias, lines of a template.
  if (spec === undefined ? entity.open || fieldOf(entity, "spec")?.style === "alias" : spec.open) return [];
  const anchor = spec?.keySpan ?? fieldOf(outline.entity, "type")?.valueSpan;
  if (anchor === undefined) return [];
  const found: Finding[] = [];
  const absent: string[] = [];
  for (const name of requiredFields(spec)) {
    const state = presence(spec, name);
    const field = fieldOf(spec, name);
    const typo = misspelt.size === 0 ? undefined : [...misspelt].find(([, meant]) => meant === name)?.[0];
    if (state === "empty" && field !== undefined) found.push(newFinding("connector-missing-field", field.keySpan, `${name} is empty, and Harness refuses a connector without it. Write its value`));
    else if (state === "absent" && typo !== undefined) found.push(missingAsTypo(name, typo));
    else if (state === "absent") absent.push(name);
  }
  if (absent.length > 0) found.push(newFinding("connector-missing-field", anchor, missingWords(absent), { fixes: missingFixes(text, spec, absent) }));
  const subscription = fieldOf(spec, "subscription");
  if ((subscription === undefined && ![...misspelt.values()].includes("subscription")) || (subscription !== undefined && isEmpty(subscription))) {
    found.push(newFinding("connector-no-subscription", subscription?.keySpan ?? anchor, "subscription is missing. Harness's code refuses a connector without one, though its page calls it optional. Write the ID of the vault's subscription"));
  }
  return found;
}

function missingAsTypo(name: string, typo: OutlineField): Finding {
  return newFinding("connector-missing-field", typo.keySpan, `${name} is missing, and Harness does not know "${shownText(typo.key)}". Write ${name}`, {
    fixes: [replaceFix(`Change to "${name}"`, typo.keySpan, name)],
  });
}

function missingWords(absent: readonly string[]): string {
  const all = `${formatAnd(absent)} ${absent.length === 1 ? "is" : "are"}`;
  const it = absent.length === 1 ? "it" : "them";
  const advice = absent.includes("clientId") && absent.includes("secretKey") ? ", or useManagedIdentity: true for the delegate's own identity" : "";
  return `${all} missing, and Harness refuses the connector. Write ${it}${advice}`;
}

/** Each fix writes all that its kind of credential needs; a line whose value nobody knows stays empty, and is told of there. */
function missingFixes(text: string, spec: OutlineMap | undefined, absent: readonly string[]): readonly Fix[] {
  const has = (name: string): boolean => presence(spec, name) !== "absent";
  const emptyLines = absent.map((name) => `${name}:`);
  const fixes: Fix[] = [];
  const add = (title: string, lines: readonly string[], preferred: boolean): void => {
    fixes.push(...insertFix(title, insertLines(text, spec, lines), preferred));
  };
  const mayUseIdentity = absent.includes("azureManagedIdentityType") || (absent.includes("clientId") && absent.includes("secretKey") && !has("useManagedIdentity"));
  if (mayUseIdentity) {
    const kinds = has("managedClientId") ? (["User"] as const) : has("azureManagedIdentityType") ? ([undefined] as const) : (["System", "User"] as const);
    for (const kind of kinds) add(identityTitle(kind), identityLines(spec, kind), kinds.length === 1);
  }
  add(absent.length === 1 ? `Add a line for ${absent[0] ?? ""}` : "Add lines for the missing fields", emptyLines, false);
  return fixes;
}

function identityTitle(kind: "System" | "User" | undefined): string {
  return kind === undefined ? "Use the delegate's identity" : `Use the delegate's ${kind.toLowerCase()}-assigned identity`;
}

/** What is missing for the delegate's identity; without a kind, its type is written already. */
function identityLines(spec: OutlineMap | undefined, kind: "System" | "User" | undefined): readonly string[] {
  const isAbsent = (name: string): boolean => presence(spec, name) === "absent";
  const type = kind === undefined ? fieldOf(spec, "azureManagedIdentityType")?.value : identityType(kind);
  return [
    ...(isAbsent("vaultName") ? ["vaultName:"] : []),
    ...(isAbsent("useManagedIdentity") ? ["useManagedIdentity: true"] : []),
    ...(isAbsent("azureManagedIdentityType") && type !== undefined ? [`azureManagedIdentityType: ${type}`] : []),
    ...(type === identityType("User") && isAbsent("managedClientId") ? ["managedClientId:"] : []),
  ];
}

function identityType(kind: "System" | "User"): string {
  return `${kind}AssignedManagedIdentity`;
}

function conflicts(text: string, spec: OutlineMap | undefined): readonly Finding[] {
  const managed = usesManagedIdentity(spec);
  const conflict = (name: string, message: string): readonly Finding[] => {
    const field = fieldOf(spec, name);
    if (field === undefined || presence(spec, name) !== "written") return [];
    return [newFinding("connector-conflict", field.keySpan, message, { fixes: removeFix(text, spec, field) })];
  };
  // Fields of an identity that is not used are harmless, and Harness's own export may hold them.
  if (managed !== true) return [];
  // A tenant is no credential: beside a managed identity it still tells which tenant the vault is in.
  const unused = (name: string): readonly Finding[] => conflict(name, `The delegate signs in with its managed identity, so Harness does not use ${name}. Remove it, or write useManagedIdentity: false`);
  const isSystemAssigned = fieldOf(spec, "azureManagedIdentityType")?.value === identityType("System");
  const ofUser = isSystemAssigned ? conflict("managedClientId", `A system-assigned identity has no client ID to choose. Remove managedClientId, or write ${identityType("User")}`) : [];
  return [...unused("clientId"), ...unused("secretKey"), ...ofUser];
}

/** What people write for a field of Harness's; all in lower case, without separators. */
const otherNames: Readonly<Record<string, string>> = {
  applicationid: "clientId",
  appid: "clientId",
  clientsecret: "secretKey",
  secretref: "secretKey",
  directoryid: "tenantId",
  subscriptionid: "subscription",
  vault: "vaultName",
  keyvaultname: "vaultName",
  environment: "azureEnvironmentType",
  environmenttype: "azureEnvironmentType",
  managedidentitytype: "azureManagedIdentityType",
  purge: "enablePurge",
};

/** Names that Harness knows beside those of `keyVaultFields`. */
const alsoKnown: ReadonlySet<string> = new Set(["executeOnDelegate", "isDefault", "harnessManaged", "<<"]);
const plainNames: ReadonlyMap<string, string> = new Map(keyVaultFields.map(({ name }) => [name.toLowerCase(), name]));

/** No one writes more fields by hand. */
const maxLookedAt = 100;
const noneMisspelt: ReadonlyMap<OutlineField, string> = new Map();

/** The fields that are all but one of Harness's, each with the name that is meant and is not written already. */
function misspeltFields(spec: OutlineMap | undefined): ReadonlyMap<OutlineField, string> {
  const unknown = spec?.fields.slice(0, maxLookedAt).filter(({ key }) => keyVaultField(key) === undefined && !alsoKnown.has(key) && !isPlaceholder(key)) ?? [];
  if (unknown.length === 0) return noneMisspelt;
  const found = new Map<OutlineField, string>();
  const free = new Set(keyVaultFields.map(({ name }) => name));
  for (const field of spec?.fields ?? []) free.delete(field.key);
  for (const field of unknown) {
    const bare = field.key.slice(0, 60).toLowerCase().replace(/[-_. ]/g, "");
    const other = Object.hasOwn(otherNames, bare) ? otherNames[bare] : undefined;
    const meant = plainNames.get(bare) ?? other ?? nearest(field.key, plainNames.values());
    if (meant !== undefined && free.delete(meant)) found.set(field, meant);
  }
  return found;
}

function unknownField({ key, keySpan }: OutlineField, meant: string): Finding {
  return newFinding("connector-unknown-field", keySpan, `Harness does not know "${shownText(key)}" in a Key Vault connector. Did you mean "${meant}"?`, {
    fixes: [replaceFix(`Change to "${meant}"`, keySpan, meant)],
  });
}

/** The keys that can still be written into a connector, those that it needs first. */
import type { CompletionItem } from "../model/completionItem.ts";
import { fieldOf } from "../model/entityOutline.ts";
import type { EntityOutline, OutlineMap } from "../model/entityOutline.ts";
import { keyVaultFields } from "../model/keyVaultFields.ts";
import { keyVaultType } from "../syntax/connectorFaults.ts";
import type { KeyContext } from "../syntax/outlineContext.ts";

/** The keys of every connector, in Harness's own order. */
const connectorKeys: readonly (readonly [string, string])[] = [
  ["name", "shown in Harness"],
  ["identifier", "how references name it"],
  ["description", "free text"],
  ["orgIdentifier", "organization, unless it is the account's"],
  ["projectIdentifier", "project, unless it is the account's or an organization's"],
  ["tags", "names and values of your own"],
  ["type", "AzureKeyVault for a Key Vault"],
  ["spec", "the connector's own settings"],
];

/** Keys whose value begins on the next line. */
const opensBlock: ReadonlySet<string> = new Set(["spec", "tags", "delegateSelectors"]);
const needed: ReadonlySet<string> = new Set(["name", "identifier", "type", "spec"]);
/** Keys whose values can be offered at once. */
const hasValues: ReadonlySet<string> = new Set(["type", "orgIdentifier", "projectIdentifier"]);

export function keyItems({ outline, level, span, hasColon }: KeyContext): readonly CompletionItem[] {
  const item = (key: string, detail: string, order: string, again: boolean, data?: string): CompletionItem => ({
    label: key,
    kind: "field",
    detail,
    span,
    newText: hasColon ? key : opensBlock.has(key) ? `${key}:` : `${key}: `,
    filterText: key,
    sortText: order,
    ...(again && !hasColon ? { again } : {}),
    ...(data === undefined ? {} : { data }),
  });
  if (level === "entity") {
    return connectorKeys
      .filter(([key]) => isFree(outline.entity, key, span.start))
      .map(([key, detail], index) => item(key, detail, `${needed.has(key) ? "0" : "1"}${String(index).padStart(2, "0")}`, hasValues.has(key)));
  }
  if (outline.type !== keyVaultType) return [];
  const required = requiredKeys(outline);
  const unused = unusedKeys(outline);
  return keyVaultFields
    .filter(({ name }) => isFree(outline.spec, name, span.start) && !unused.has(name))
    .map(({ name, brief, form }, index) => {
      const order = required.indexOf(name);
      const sortText = order >= 0 ? `0${String(order).padStart(2, "0")}` : `1${String(index).padStart(2, "0")}`;
      return item(name, brief, sortText, form !== "selectors" && name !== "clientId" && name !== "managedClientId", JSON.stringify({ kind: "field", name }));
    });
}

/** The key at the cursor itself may be written anew. */
function isFree(map: OutlineMap | undefined, key: string, at: number): boolean {
  const field = fieldOf(map, key);
  return field === undefined || field.keySpan.start === at;
}

type Credential = "key" | "identity" | "open";

function credentialOf({ spec }: EntityOutline): Credential {
  const managed = fieldOf(spec, "useManagedIdentity")?.value?.toLowerCase();
  if (managed === "true") return "identity";
  if (managed === "false" || fieldOf(spec, "clientId") !== undefined || fieldOf(spec, "secretKey") !== undefined) return "key";
  return "open";
}

function requiredKeys(outline: EntityOutline): readonly string[] {
  switch (credentialOf(outline)) {
    case "identity":
      return fieldOf(outline.spec, "azureManagedIdentityType")?.value === "UserAssignedManagedIdentity"
        ? ["managedClientId", "vaultName", "subscription"]
        : ["azureManagedIdentityType", "vaultName", "subscription"];
    case "key":
      return ["clientId", "tenantId", "secretKey", "vaultName", "subscription"];
    case "open":
      return ["vaultName", "subscription", "clientId", "tenantId", "secretKey", "useManagedIdentity"];
  }
}

/** What Harness would not look at. */
function unusedKeys(outline: EntityOutline): ReadonlySet<string> {
  switch (credentialOf(outline)) {
    case "identity":
      return new Set(["clientId", "secretKey", ...(fieldOf(outline.spec, "azureManagedIdentityType")?.value === "SystemAssignedManagedIdentity" ? ["managedClientId"] : [])]);
    case "key":
      return new Set(["azureManagedIdentityType", "managedClientId"]);
    case "open":
      return new Set();
  }
}

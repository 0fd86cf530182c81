import type { KeyVaultSettings } from "../model/entities.ts";
import { isPlaceholder, nodeText } from "./recognise.ts";
import type { YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

const textFields = ["clientId", "tenantId", "secretKey", "vaultName", "subscription", "azureEnvironmentType", "azureManagedIdentityType", "managedClientId"] as const;
const switchFields = ["useManagedIdentity", "vaultConfiguredManually", "enablePurge", "default"] as const;

/** Reads the `spec` of an AzureKeyVault connector. */
export function readKeyVaultSettings(text: string, spec: YamlNode | undefined): KeyVaultSettings {
  const settings: { -readonly [Field in keyof KeyVaultSettings]: KeyVaultSettings[Field] } = {};
  for (const field of textFields) {
    const value = written(text, childOf(text, spec, field));
    if (value !== undefined) settings[field] = value;
  }
  for (const field of switchFields) {
    // YAML takes True and TRUE for the same.
    const value = written(text, childOf(text, spec, field))?.toLowerCase();
    if (value === "true" || value === "false") settings[field] = value === "true";
  }
  const selectors = childOf(text, spec, "delegateSelectors");
  if (selectors?.kind === "seq") settings.delegateSelectors = selectors.children.map((child) => written(text, child)).filter((value) => value !== undefined);
  return settings;
}

function written(text: string, node: YamlNode | undefined): string | undefined {
  const value = nodeText(text, node)?.trim();
  return value === undefined || value === "" || isPlaceholder(value) ? undefined : value;
}

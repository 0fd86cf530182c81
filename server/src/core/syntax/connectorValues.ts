/** What is wrong with the value of one field of a Key Vault connector. */
import type { Finding } from "../model/finding.ts";
import type { OutlineField, OutlineMap } from "../model/entityOutline.ts";
import { fieldOf } from "../model/entityOutline.ts";
import type { KeyVaultFieldForm } from "../model/keyVaultFields.ts";
import { environments, identityTypes, keyVaultField } from "../model/keyVaultFields.ts";
import { nearest } from "../model/nearest.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { shownText } from "../model/shownText.ts";
import { isGuid, isVaultName } from "../model/vaultTarget.ts";

/** `field` holds a text that is no placeholder. */
export function valueFault(text: string, field: OutlineField, spec: OutlineMap | undefined): Finding | undefined {
  const { value } = field;
  const form: KeyVaultFieldForm | undefined = keyVaultField(field.key)?.form;
  if (value === undefined || form === undefined) return undefined;
  switch (form) {
    case "guid":
      return guidFault(field, value);
    case "vault":
      return vaultNameFault(field, value, spec);
    case "switch":
      return switchFault(text, field, value);
    case "environment":
      return environmentFault(field, value);
    case "identity":
      return identityFault(field, value);
    case "secret":
    case "selectors":
      return undefined;
  }
}

function guidFault({ key, valueSpan }: OutlineField, value: string): Finding | undefined {
  if (isGuid(value)) return undefined;
  const guid = guidIn(value);
  const fixes = guid === undefined ? [] : [replaceFix(`Write "${guid}"`, valueSpan, guid)];
  const shown = shownText(value, 60);
  if (key === "tenantId" && /^[0-9a-z-]{1,63}(?:\.[0-9a-z-]{1,63}){1,5}$/i.test(value)) {
    const message = `"${shown}" is a domain name. Entra may take it, but Harness and Keyline ask for the tenant's ID, a GUID. Write that`;
    return newFinding("akv-guid", valueSpan, message, { severity: "warning" });
  }
  // A run reads secrets without the subscription.
  const severity = key === "subscription" ? { severity: "warning" as const } : {};
  return newFinding("akv-guid", valueSpan, `${key} is a GUID, "${shown}" is none. Write 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12`, { fixes, ...severity });
}

/** The GUID in a text that has braces around it, no hyphens, or a resource's path before it. */
function guidIn(value: string): string | undefined {
  const match = /^(?:\{|\(|\/?subscriptions\/)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[})/]?$/i.exec(value.slice(0, 80));
  return match === null ? undefined : match.slice(1).join("-");
}

const hosts = /^(?:https?:\/\/)?([0-9A-Za-z-]{1,127})\.(?:vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)|privatelink\.vaultcore\.(?:azure\.net|azure\.cn|usgovcloudapi\.net))(?::\d{1,5})?(?:\/.{0,300})?$/i;
const resource = /^\/?subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]{1,90}\/providers\/Microsoft\.KeyVault\/vaults\/([0-9A-Za-z-]{1,127})\/?$/i;

function vaultNameFault({ valueSpan }: OutlineField, value: string, spec: OutlineMap | undefined): Finding | undefined {
  if (isVaultName(value)) return undefined;
  const inside = (hosts.exec(value.slice(0, 600)) ?? resource.exec(value.slice(0, 600)))?.[1];
  const shown = shownText(value, 60);
  if (inside !== undefined && isVaultName(inside)) {
    return newFinding("akv-vault-name", valueSpan, `Harness takes the vault's short name, not its address. Write ${inside}${cloudAdvice(value, spec)}`, {
      fixes: [replaceFix(`Write "${inside}"`, valueSpan, inside)],
    });
  }
  return newFinding("akv-vault-name", valueSpan, `No Key Vault is named "${shown}": 3 to 24 letters, digits and single hyphens, a letter first and no hyphen last. Write the vault's short name`);
}

function cloudAdvice(address: string, spec: OutlineMap | undefined): string {
  if (/\.azure\.cn/i.test(address)) return ". This vault is in Azure's China cloud, which Harness does not offer";
  if (!/\.usgovcloudapi\.net/i.test(address)) return "";
  return fieldOf(spec, "azureEnvironmentType")?.value === "AZURE_US_GOVERNMENT" ? "" : ", and azureEnvironmentType: AZURE_US_GOVERNMENT for its cloud";
}

const truths: Readonly<Record<string, string>> = { yes: "true", on: "true", y: "true", "1": "true", no: "false", off: "false", n: "false", "0": "false" };

function switchFault(text: string, { key, valueSpan, style }: OutlineField, value: string): Finding | undefined {
  const lower = value.toLowerCase();
  if (lower === "true" || lower === "false") {
    if (style !== "single" && style !== "double") return undefined;
    const isClosed = text.charAt(valueSpan.end) === text.charAt(valueSpan.start - 1);
    const outer = { start: valueSpan.start - 1, end: valueSpan.end + (isClosed ? 1 : 0) };
    return newFinding("connector-unknown-value", valueSpan, `${key} is true or false, and in quotes it is a text. Write it without quotes`, {
      severity: "warning",
      fixes: [replaceFix("Remove the quotes", outer, lower)],
    });
  }
  const meant = Object.hasOwn(truths, lower) ? truths[lower] : nearest(lower, ["true", "false"]);
  return newFinding("connector-unknown-value", valueSpan, `${key} is true or false, not "${shownText(value, 60)}". Write ${meant ?? "one of them"}`, {
    fixes: meant === undefined ? [] : [replaceFix(`Write "${meant}"`, valueSpan, meant)],
  });
}

function environmentFault({ key, valueSpan }: OutlineField, value: string): Finding | undefined {
  if ((environments as readonly string[]).includes(value)) return undefined;
  const upper = value.slice(0, 60).toUpperCase().replace(/[- ]/g, "_");
  const isChina = upper.includes("CHINA");
  const meant = isChina ? undefined : /GOV/.test(upper) ? "AZURE_US_GOVERNMENT" : /^(?:AZURE_?)?(?:PUBLIC_?)?(?:CLOUD|GLOBAL|COMMERCIAL|PUBLIC)?$/.test(upper) ? "AZURE" : nearest(upper, environments);
  const advice = isChina ? "Harness offers no China cloud" : `Write ${meant ?? environments.join(" or ")}`;
  return newFinding("connector-unknown-value", valueSpan, `${key} is ${environments.join(" or ")}, not "${shownText(value, 60)}". ${advice}`, {
    fixes: meant === undefined ? [] : [replaceFix(`Write "${meant}"`, valueSpan, meant)],
  });
}

function identityFault({ key, valueSpan }: OutlineField, value: string): Finding | undefined {
  if ((identityTypes as readonly string[]).includes(value)) return undefined;
  const meant = /^system/i.test(value) ? identityTypes[0] : /^user/i.test(value) ? identityTypes[1] : nearest(value, identityTypes);
  return newFinding("connector-unknown-value", valueSpan, `${key} is ${identityTypes.join(" or ")}, not "${shownText(value, 60)}"${meant === undefined ? ". Write one of them" : `. Write ${meant}`}`, {
    fixes: meant === undefined ? [] : [replaceFix(`Write "${meant}"`, valueSpan, meant)],
  });
}

import { attributeLines } from "../chain/attributeLines.ts";
import { stateWords } from "../chain/stateWords.ts";
import { fieldLines } from "../connector/fieldLines.ts";
import { keyVaultField } from "../model/keyVaultFields.ts";
import { parseScopeKey, scopeWords } from "../model/scope.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { TextFormat, TextFormatName } from "../model/textFormat.ts";
import { textFormats } from "../model/textFormat.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";
import { isCloud } from "../model/vaultTarget.ts";

/** What is shown beside an item, made when the client asks for it. */
export function completionDocumentation(snapshot: Snapshot, data: string, formatName: TextFormatName = "markdown"): string | undefined {
  const format = textFormats[formatName];
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const item = parsed as { readonly kind?: unknown; readonly scope?: unknown; readonly identifier?: unknown; readonly name?: unknown; readonly vault?: unknown };
  const field = item.kind === "field" && typeof item.name === "string" ? keyVaultField(item.name) : undefined;
  if (field !== undefined) return fieldLines(field).join("\n");
  if (item.kind === "secret" && typeof item.scope === "string" && typeof item.identifier === "string") return secretDocumentation(snapshot, item.scope, item.identifier, format);
  if (item.kind === "name" && typeof item.name === "string" && isVault(item.vault)) {
    const attributes = snapshot.facts.listed(item.vault, item.name);
    if (attributes === undefined) return undefined;
    return [`Key Vault secret ${format.code(attributes.name)} in vault ${format.code(item.vault.name)}`, "", `- ${stateWords(snapshot, attributes)}`, ...attributeLines(attributes, format)].join("\n");
  }
  return undefined;
}

function isVault(value: unknown): value is VaultTarget {
  if (typeof value !== "object" || value === null || !("name" in value) || !("cloud" in value)) return false;
  return typeof value.name === "string" && isCloud(value.cloud);
}

function secretDocumentation(snapshot: Snapshot, key: string, identifier: string, format: TextFormat): string | undefined {
  const scope = parseScopeKey(key);
  const secret = scope === undefined ? undefined : snapshot.workspace.secret(scope, identifier);
  if (scope === undefined || secret === undefined) return undefined;
  const lines = [`Harness secret ${format.code(secret.identifier)} in ${scopeWords(scope)}`, "", `- Type ${secret.type}${secret.valueType === undefined ? "" : `, ${secret.valueType}`}`];
  if (secret.name !== undefined) lines.push(`- Name ${format.code(secret.name)}`);
  if (secret.connector !== undefined) lines.push(`- Secret manager ${format.code(secret.connector)}`);
  if (secret.path !== undefined) lines.push(`- Path ${format.code(secret.path)}`);
  return lines.join("\n");
}

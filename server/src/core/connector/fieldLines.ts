import type { KeyVaultField } from "../model/keyVaultFields.ts";

/** What a field is, when it has to be there, and who says so. Our own words alone. */
export function fieldLines(field: KeyVaultField): readonly string[] {
  return [
    `${field.what}.`,
    "",
    `- ${field.required}`,
    ...(field.default === undefined ? [] : [`- Default: ${field.default}`]),
    `- Source: ${field.source}`,
  ];
}

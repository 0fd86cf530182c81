import type { SecretAttributes } from "../model/facts.ts";
import type { TextFormat } from "../model/textFormat.ts";

/** A Key Vault secret allows 15 tags. */
const maxTags = 15;

/** What a listing tells of a secret beside its state, as the items of a list. */
export function attributeLines({ contentType, tags = [], managed }: SecretAttributes, format: TextFormat): readonly string[] {
  const lines: string[] = [];
  if (contentType !== undefined && contentType !== "") lines.push(`- Content type ${format.code(contentType, 80)}`);
  if (tags.length > 0) lines.push(`- Tags ${tags.slice(0, maxTags).map(([key, value]) => format.code(`${key}=${value}`, 80)).join(", ")}`);
  if (managed === true) lines.push("- Managed by a certificate");
  return lines;
}

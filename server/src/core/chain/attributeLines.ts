import type { SecretAttributes } from "../model/facts.ts";
import { code } from "../model/markdown.ts";

/** A Key Vault secret allows 15 tags. */
const maxTags = 15;

/** What a listing tells of a secret beside its state, as the items of a Markdown list. */
export function attributeLines(attributes: SecretAttributes): readonly string[] {
  const { contentType, tags = [], managed } = attributes;
  const lines: string[] = [];
  if (contentType !== undefined && contentType !== "") lines.push(`- Content type ${code(contentType, 80)}`);
  if (tags.length > 0) lines.push(`- Tags ${tags.slice(0, maxTags).map(([key, value]) => code(`${key}=${value}`, 80)).join(", ")}`);
  if (managed === true) lines.push("- Managed by a certificate");
  return lines;
}

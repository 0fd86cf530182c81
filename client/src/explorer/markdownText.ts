import { plain } from "../../../server/src/core/model/markdown.ts";

/** Text for a Markdown document that people read as it is written: only what Markdown could take for more than words is escaped. */
export function markdownText(text: string, maxLength?: number): string {
  return /^[0-9A-Za-z ,()+-]*$/.test(text) ? text : plain(text, maxLength);
}

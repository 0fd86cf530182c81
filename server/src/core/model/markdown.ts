import { shownText } from "./shownText.ts";

/**
 * Foreign text for Markdown, as a code span: nothing in it is read as a link, an image, an icon or HTML, and control
 * characters are shown instead of obeyed (threats T11 to T13).
 */
export function code(text: string, maxLength = 200): string {
  const shown = shownText(text, maxLength);
  if (shown === "") return "(empty)";
  const longestRun = Math.max(0, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longestRun + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") || shown.startsWith(" ") ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Words that may hold foreign text, for Markdown: every punctuation mark escaped, so that they are read as they are. */
export function plain(text: string, maxLength = 400): string {
  return shownText(text, maxLength).replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

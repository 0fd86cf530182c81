/**
 * Whether the character at `index` stands in a comment of a script: behind a `#` that starts the line or follows a
 * blank, outside quotes of its own line. Good for shell, PowerShell and Python; when in doubt it is no comment.
 */
export function isInScriptComment(script: string, index: number): boolean {
  const lineStart = script.lastIndexOf("\n", index - 1) + 1;
  let quote = "";
  for (let at = Math.max(lineStart, index - 4000); at < index; at++) {
    const character = script.charAt(at);
    if (character === "\\") at++;
    else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "#" && (at === lineStart || script.charAt(at - 1) === " " || script.charAt(at - 1) === "\t")) return true;
  }
  return false;
}

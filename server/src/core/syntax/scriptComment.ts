/**
 * Tells whether the character at an index stands in a comment of a script: behind a `#` that starts the line or
 * follows a blank, outside quotes of its own line. Good for shell, PowerShell and Python; when in doubt it is no
 * comment. Asked for ascending indexes it reads the script once in all.
 */
export function scriptComments(script: string): (index: number) => boolean {
  let at = 0;
  let quote = "";
  let inComment = false;
  const step = (): void => {
    const character = script.charAt(at);
    if (character === "\n") {
      quote = "";
      inComment = false;
    } else if (inComment) {
      // Only the end of the line ends a comment.
    } else if (character === "\\") {
      if (script.charAt(at + 1) !== "\n") at++;
    } else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "#") inComment = at === 0 || " \t\n".includes(script.charAt(at - 1));
    at++;
  };
  return (index) => {
    if (index < at) {
      at = 0;
      quote = "";
      inComment = false;
    }
    while (at < index) step();
    return inComment;
  };
}

/**
 * Why a glob of keyline.jsonc can match no file, with what to write; undefined where it can. Globs are relative to the folder
 * of keyline.jsonc and have `/` between folders.
 */
export function globProblem(glob: string): string | undefined {
  if (glob.trim() === "") return "Write a glob, relative to the folder of keyline.jsonc";
  if (/^(?:\/|[A-Za-z]:)/.test(glob)) return "A glob is relative to the folder of keyline.jsonc. Write it without a drive and without a slash in front";
  if (glob.startsWith("!")) return "A glob cannot be negated. List what to leave out under exclude";
  // Before one of its own characters a backslash takes that character as it is.
  if (/\\(?![\\*?[\]{}!])/.test(glob)) return "A glob has / between folders, also on Windows. Write / for the backslash";
  if (/^(?:\.\/)*\.\.(?:\/|$)/.test(glob)) return "Files outside the folder of keyline.jsonc are not read. Write the glob without ..";
  const open = unclosed(glob);
  return open === undefined ? undefined : `The ${open} is not closed. Close it, or write \\\\${open} for the character itself`;
}

const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

function unclosed(glob: string): string | undefined {
  let opened: string | undefined;
  for (let at = 0; at < glob.length; at++) {
    const character = glob.charAt(at);
    if (character === "\\") at += 1;
    else if (opened === undefined && Object.hasOwn(closing, character)) opened = character;
    else if (opened !== undefined && character === closing[opened]) opened = undefined;
  }
  return opened;
}

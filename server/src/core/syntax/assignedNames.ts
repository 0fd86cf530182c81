/** The variables that a script gives a value: in a shell of Unix, in PowerShell or in cmd, which are not told apart. */

const name = "([A-Za-z_]\\w{0,127})";
/** `NAME=`, which cmd has behind `set`. No `==`, which compares. */
const assignment = new RegExp(`(?<![\\w$.-])${name}\\+?=(?![=~])`, "g");
/** `$NAME =` and `$env:NAME =`, at the start of a statement: elsewhere a shell of Unix compares. */
const powerShell = new RegExp(`(?:^|[;{(\\]])[ \\t]{0,100}\\$(?:(?:env|script|global|local|private):)?${name}[ \\t]{0,20}[-+*/]?=(?![=~])`, "gim");
const loop = new RegExp(`(?<![\\w$.-])(?:for|select|foreach)[ \\t]{0,20}\\(?[ \\t]{0,20}\\$?${name}[ \\t]{1,20}in(?!\\w)`, "gi");
/** Commands whose arguments are names. */
const naming = /(?<![\w$.-])(?:export|declare|typeset|local|readonly|read|mapfile|readarray|printf[ \t]{1,20}-v)[ \t]{1,20}([^\n;&|]{0,300})/g;
const plainName = /^[A-Za-z_]\w{0,127}$/;

/** In one pass for each form, when it is first asked. PowerShell alone makes no difference between capitals and others. */
export function assignedNames(script: string): (name: string) => boolean {
  const exact = new Set<string>();
  const anyCase = new Set<string>();
  for (const [, found] of script.matchAll(assignment)) if (found !== undefined) exact.add(found);
  for (const [, found] of script.matchAll(loop)) if (found !== undefined) exact.add(found);
  for (const [, found] of script.matchAll(powerShell)) if (found !== undefined) anyCase.add(found.toLowerCase());
  for (const [, words = ""] of script.matchAll(naming)) {
    for (const word of words.split(/[ \t"']/)) if (plainName.test(word)) exact.add(word);
  }
  return (candidate) => exact.has(candidate) || anyCase.has(candidate.toLowerCase());
}

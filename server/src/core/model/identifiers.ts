/** What an identifier or a Name of Harness may be (Harness documentation, "Entity identifier reference", and its validators). */

/** An identifier of a secret. Newer accounts take a hyphen. */
const secretIdentifierPattern = /^[A-Za-z_][0-9A-Za-z_$-]{0,127}$/;
/** An identifier of a connector, an organization or a project. */
const connectorIdentifierPattern = /^[A-Za-z_][0-9A-Za-z_$]{0,127}$/;
const namePattern = /^[A-Za-z0-9_.-][A-Za-z0-9 _.-]{0,127}$/;
const reservedWords: ReadonlySet<string> = new Set(
  "or and eq ne lt gt le ge div mod not null true false new var return step parallel stepGroup org account class shellScriptProvisioner".split(" "),
);

/** A word that Harness's expressions need for themselves. */
export function isReservedWord(text: string): boolean {
  return reservedWords.has(text);
}

export function isSecretIdentifier(text: string): boolean {
  return secretIdentifierPattern.test(text);
}

export function isConnectorIdentifier(text: string): boolean {
  return connectorIdentifierPattern.test(text);
}

/** Why no connector, organization or project can have the identifier; undefined where one can. */
export function identifierProblem(text: string): string | undefined {
  if (text === "") return "Enter an identifier.";
  if (reservedWords.has(text)) return `"${text}" is a keyword of Harness. Choose another identifier.`;
  if (text.length > 128) return "An identifier has at most 128 characters.";
  if (/^[0-9$]/.test(text)) return "An identifier does not start with a digit or $.";
  return isConnectorIdentifier(text) ? undefined : "An identifier has letters, digits, _ and $ only.";
}

/** Why Harness refuses the Name; undefined where it takes it. */
export function nameProblem(text: string): string | undefined {
  if (text.trim() === "") return "Enter a name.";
  if (text.length > 128) return "A name has at most 128 characters.";
  return namePattern.test(text) ? undefined : "A name has letters, digits, blanks, _, - and . only, and starts with no blank.";
}

/** Harness's own way from a Name to an identifier (its web interface). */
export function identifierFromName(name: string): string {
  return name
    .trim()
    .replace(/[^0-9A-Za-z_$ ]/g, "")
    .replaceAll(" ", "_");
}

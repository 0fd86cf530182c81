/**
 * The names of environment variables that the language server may see. It opens no socket and needs no credential,
 * so what is not listed here (AZURE_*, NODE_OPTIONS, NODE_TLS_REJECT_UNAUTHORIZED, proxies, tokens) stays out.
 */
const allowedNames: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "TMP",
  "TEMP",
  // Electron may need its own libraries to run as Node.
  "LD_LIBRARY_PATH",
  "ELECTRON_RUN_AS_NODE",
  "ELECTRON_NO_ASAR",
  // Windows starts no process without these.
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
]);

/**
 * The `env` for vscode-languageclient's fork. That library lays it over a copy of the whole environment, so a
 * variable is kept out by naming it with the value undefined, which Node then leaves out.
 */
export function serverEnvironment(own: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, isAllowed(name) ? value : undefined]));
}

function isAllowed(name: string): boolean {
  const upper = name.toUpperCase();
  return allowedNames.has(upper) || upper.startsWith("LC_");
}

import { formatOr } from "../core/model/formatList.ts";
import { nearest } from "../core/model/nearest.ts";
import { isVaultName } from "../core/model/vaultTarget.ts";

export type FailOn = "error" | "warning" | "info" | "never";
export type CredentialKind = "azure-cli" | "environment";

export interface CheckArguments {
  readonly paths: readonly string[];
  readonly format: "text" | "json";
  readonly offline: boolean;
  readonly failOn: FailOn;
  readonly config?: string;
  readonly forceExclude: boolean;
  readonly requireVerified: boolean;
  /** Empty: all vaults that the files name. */
  readonly vaults: readonly string[];
  readonly credential: CredentialKind;
  readonly readJsonKeys: boolean;
}

export interface ReferencesArguments {
  readonly paths: readonly string[];
}

export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | ({ readonly kind: "check" } & CheckArguments)
  | ({ readonly kind: "references" } & ReferencesArguments)
  | { readonly kind: "lsp" }
  | { readonly kind: "wrong"; readonly message: string };

interface Flag {
  /** Absent: the flag takes no value. Empty: it takes any. */
  readonly values?: readonly string[];
  readonly repeatable?: boolean;
  /** Why a value cannot be, where it is not one of a few. */
  readonly refuses?: (value: string) => string | undefined;
}

const checkFlags = {
  "--format": { values: ["text", "json"] },
  "--offline": {},
  "--fail-on": { values: ["error", "warning", "info", "never"] },
  "--config": { values: [] },
  "--force-exclude": {},
  "--require-verified": {},
  "--vault": { values: [], repeatable: true, refuses: notVaultName },
  "--credential": { values: ["azure-cli", "environment"] },
  "--read-json-keys": {},
} as const satisfies Readonly<Record<string, Flag>>;

const commandFlags: Readonly<Record<string, Readonly<Record<string, Flag>>>> = {
  check: checkFlags,
  references: { "--format": { values: ["json"] } },
  // By this flag the Language Server Protocol lets a client name itself, so that the server does not outlive it.
  lsp: { "--stdio": {}, "--clientProcessId": { values: [] } },
};

/** Reads the words behind `keyline`. Strict: what is not understood is wrong, never ignored. */
export function readArguments(words: readonly string[]): CommandLine {
  const [command, ...rest] = words;
  const beforePaths = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (beforePaths.includes("--help") || beforePaths.includes("-h")) return { kind: "help" };
  if (command === "--version") return rest.length === 0 ? { kind: "version" } : wrong("--version stands alone");
  if (command === undefined) return wrong("say what to do: check, references or lsp");
  const flags = Object.hasOwn(commandFlags, command) ? commandFlags[command] : undefined;
  if (flags === undefined) {
    const isFlag = command.startsWith("-");
    return wrong(`unknown ${isFlag ? "flag" : "command"} ${command}${suggestion(command, isFlag ? ["--help", "--version"] : Object.keys(commandFlags))}`);
  }
  const read = readFlags(flags, rest);
  if (typeof read === "string") return wrong(read);
  switch (command) {
    case "check":
      return checkArguments(read);
    case "references":
      return { kind: "references", paths: read.paths };
    default:
      if (read.paths.length > 0) return wrong(`lsp takes no path: ${read.paths[0] ?? ""}`);
      return read.values.has("--stdio") ? { kind: "lsp" } : wrong("lsp needs --stdio");
  }
}

interface ReadFlags {
  readonly paths: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

function checkArguments(read: ReadFlags): CommandLine {
  const config = read.values.get("--config")?.[0];
  return {
    kind: "check",
    paths: read.paths,
    format: read.values.get("--format")?.[0] === "json" ? "json" : "text",
    offline: read.values.has("--offline"),
    failOn: (read.values.get("--fail-on")?.[0] as FailOn | undefined) ?? "error",
    ...(config === undefined ? {} : { config }),
    forceExclude: read.values.has("--force-exclude"),
    requireVerified: read.values.has("--require-verified"),
    vaults: read.values.get("--vault") ?? [],
    credential: (read.values.get("--credential")?.[0] as CredentialKind | undefined) ?? "azure-cli",
    readJsonKeys: read.values.has("--read-json-keys"),
  };
}

/** The flags and paths, or what is wrong with them. `--flag value` and `--flag=value` are both read; `--` ends the flags. */
function readFlags(flags: Readonly<Record<string, Flag>>, words: readonly string[]): ReadFlags | string {
  const paths: string[] = [];
  const values = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") {
      paths.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      paths.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) return `unknown flag ${name}${suggestion(name, Object.keys(flags))}`;
    const given = values.get(name);
    if (given !== undefined && flag.repeatable !== true) return `${name} is given twice`;
    if (flag.values === undefined) {
      if (equals >= 0) return `${name} takes no value`;
      values.set(name, []);
      continue;
    }
    const value = equals >= 0 ? word.slice(equals + 1) : words[++index];
    if (value === undefined || value === "" || (equals < 0 && value.startsWith("--"))) return `${name} needs a value${choices(flag.values)}`;
    if (flag.values.length > 0 && !flag.values.includes(value)) return `${name} cannot be ${value}${choices(flag.values)}`;
    const refusal = flag.refuses?.(value);
    if (refusal !== undefined) return `${name} cannot be ${value}: ${refusal}`;
    values.set(name, [...(given ?? []), value]);
  }
  // As an unset variable of a script leaves one: to check all there is instead would be a surprise.
  return paths.includes("") ? "a path is empty" : { paths, values };
}

function notVaultName(value: string): string | undefined {
  return isVaultName(value) ? undefined : "a vault's short name has 3 to 24 letters, digits and single hyphens";
}

function choices(values: readonly string[]): string {
  return values.length === 0 ? "" : `. It takes ${formatOr(values)}`;
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function wrong(message: string): CommandLine {
  return { kind: "wrong", message };
}

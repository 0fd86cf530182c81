import type { ScopeLevel } from "./scope.ts";
import type { Span } from "./span.ts";

/** The schemes of path references, exact and case-sensitive, with the connector type that each belongs to. */
export const schemes = {
  azurevault: "AzureKeyVault",
  hashicorpvault: "Vault",
  awssecretsmanager: "AwsSecretManager",
  gcpsecretsmanager: "GcpSecretManager",
} as const;

export type Scheme = keyof typeof schemes;

export function isScheme(text: string): text is Scheme {
  return Object.hasOwn(schemes, text);
}

/** A text and where it stands. */
export interface Part {
  readonly text: string;
  readonly span: Span;
}

/** `name[#key][/version]` inside an Azure Key Vault (Harness: AzureParsedSecretReference). */
export interface VaultPath {
  readonly name: Part;
  readonly key?: Part;
  readonly version?: Part;
}

/** `<scheme>://<connector>/<path>` behind an optional scope prefix. */
export interface SecretUri {
  /** As written; not always one of `schemes`. */
  readonly scheme: Part;
  readonly connector: Part;
  /** Everything behind the connector's slash. */
  readonly path: Part;
  /** Set for azurevault. */
  readonly vaultPath?: VaultPath;
}

/** What a path names in its secret manager: `name[#key][/version]` for Azure, `name[#key]` for HashiCorp and AWS, `name[/version]` for GCP. */
export function uriParts(uri: SecretUri): { readonly name: string; readonly key?: string; readonly version?: string } {
  const path = uri.path.text;
  const scheme = uri.scheme.text;
  const slash = scheme === "azurevault" || scheme === "gcpsecretsmanager" ? path.indexOf("/") : -1;
  const left = slash < 0 ? path : path.slice(0, slash);
  const hash = scheme === "gcpsecretsmanager" ? -1 : left.indexOf("#");
  return {
    name: hash > 0 ? left.slice(0, hash) : left,
    ...(hash > 0 ? { key: left.slice(hash + 1) } : {}),
    ...(slash < 0 ? {} : { version: path.slice(slash + 1) }),
  };
}

/** Where in Harness's YAML a plain reference stands; decides which rules hold for it. */
export type PlainPlace = "secret-variable" | "connector-field" | "secret-field" | "other-field";

/**
 * One reference to a Harness secret in a text.
 * `form` expression: a call `secrets.getValue(...)`; plain: a bare identifier in a field that takes one.
 */
export interface Reference {
  readonly form: "expression" | "plain";
  /** The innermost `<+...>` around the call; for a plain reference the text of the scalar. */
  readonly span: Span;
  /** What stands between the quotes, or the text of the scalar; empty and in place while nothing is written. */
  readonly argument: Part;
  /** True where the text alone cannot tell which secret is meant. */
  readonly dynamic: boolean;
  /** The scope as written, `project` without a prefix; absent where it is invalid or unknown. */
  readonly scope?: ScopeLevel;
  readonly scopePrefix?: Part;
  readonly identifier?: Part;
  readonly uri?: SecretUri;
  readonly place?: PlainPlace;
  /** Index into `Analysis.documents`: the YAML document that the reference stands in. */
  readonly document: number;
  /** True where the syntax already has an error: the reference is then not followed. */
  readonly broken: boolean;
  /** For an expression whose argument is exactly one variable that the same file defines with a literal value. */
  readonly substituted?: { readonly variable: string; readonly value: string };
  /** A part of a legal text that reads like a variable of the shell, where the same script assigns that variable. */
  readonly shellVariable?: Part;
}

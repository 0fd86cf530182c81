/**
 * The table of diagnostics. An id, once released, keeps its meaning.
 * Each has a page docs/rules/<id>.md; test/architecture holds the table and the pages together.
 */
export type Severity = "off" | "hint" | "info" | "warning" | "error";

export const severities: readonly Severity[] = ["off", "hint", "info", "warning", "error"];

export interface Rule {
  /** How sure we are: `error` where the run surely fails, `warning` where it probably does or leaks. */
  readonly severity: Severity;
  /** Whether the text alone tells, workspace entities are needed too, or a vault must answer. */
  readonly needs: "text" | "entities" | "vault";
  /** Whether a quick fix can be offered. */
  readonly fix: boolean;
  /** One line: what is wrong. */
  readonly title: string;
}

function rule(severity: Severity, needs: Rule["needs"], fix: boolean, title: string): Rule {
  return { severity, needs, fix, title };
}

export const rules = {
  "invalid-scope-prefix": rule("error", "text", true, "The part before the dot is neither account nor org"),
  "scope-prefix-case": rule("warning", "text", true, "The scope prefix is not in lower case"),
  "too-many-dots": rule("error", "text", false, "A reference holds two or more dots"),
  "empty-identifier": rule("error", "text", false, "The reference names no secret"),
  "invalid-identifier": rule("error", "text", true, "The identifier breaks Harness's rules"),
  "shell-variable-in-reference": rule("error", "text", false, "A shell variable stands in the reference"),
  "hyphen-identifier": rule("hint", "text", false, "Older accounts refuse hyphens in identifiers"),
  "missing-quotes": rule("error", "text", true, "The identifier is not quoted and is read as a variable"),
  "smart-quotes": rule("error", "text", true, "Typographic quotes are not quotes"),
  "yaml-quoting": rule("error", "text", true, "Inner quotes end the YAML scalar"),
  "escaped-quote-outside-dq": rule("warning", "text", true, "A backslash before a quote stays in the text here"),
  "unterminated": rule("error", "text", true, "The expression or a string in it has no end"),
  "unbalanced-paren": rule("error", "text", true, "A bracket has no partner"),
  "gt-in-string": rule("error", "text", true, "An unescaped > inside quotes ends the expression"),
  "missing-plus": rule("error", "text", true, "The expression starts with < instead of <+"),
  "dollar-prefix": rule("warning", "text", true, "A $ before the expression stays in the text"),
  "singular-secret": rule("error", "text", true, "The functor is called secrets"),
  "wrong-method-case": rule("error", "text", true, "The method is called getValue"),
  "unknown-method": rule("error", "text", true, "secrets has no other method or property than getValue"),
  "nested-secret": rule("error", "text", false, "A secret cannot be named by another secret"),
  "quoted-secret-in-expression": rule("error", "text", true, "A secret in double quotes inside an expression does not resolve"),
  "method-on-secret": rule("warning", "text", false, "The method acts on a placeholder, not on the value"),
  "internal-functor": rule("error", "text", true, "An internal functor of Harness must not be written by hand"),
  "firstgen-syntax": rule("error", "text", true, "FirstGen syntax is not resolved"),
  "v3-syntax": rule("info", "text", true, "Harness 3.0 syntax in a file of today's format"),
  "gitness-syntax": rule("info", "text", true, "Harness Open Source syntax"),
  "disabled-expression": rule("info", "text", false, "The expression is disabled by <_+"),
  "expression-in-comment": rule("info", "text", false, "An expression in a comment is still evaluated"),
  "unknown-scheme": rule("error", "text", true, "The scheme belongs to no secret manager"),
  "bad-uri": rule("error", "text", false, "The path reference is incomplete"),
  "scope-inside-uri": rule("error", "text", true, "The scope stands behind the scheme instead of before it"),
  "dot-in-uri": rule("error", "text", false, "A dot inside a path reference breaks it"),
  "dots-in-plain-ref": rule("info", "text", false, "A plain reference with more than one dot may be refused"),
  "uri-in-secret-ref": rule("hint", "text", false, "A path in a Secret variable works but is not documented"),
  "uri-in-connector-ref": rule("error", "text", false, "A connector field takes an identifier, not a path"),
  "expression-in-ref": rule("error", "text", true, "The field takes an identifier, not an expression"),
  "secret-var-expression": rule("error", "text", true, "The value of a Secret variable is an identifier, not an expression"),
  "scope-mismatch": rule("error", "entities", true, "An entity refers to a secret of a lower scope"),
  "gcp-too-many-segments": rule("error", "text", false, "A GCP path has at most a name and a version"),
  "akv-secret-name": rule("error", "text", true, "No Key Vault secret can have this name"),
  "akv-extra-segment": rule("error", "text", true, "The path starts with a segment that Key Vault paths do not have"),
  "akv-url": rule("error", "text", true, "A Key Vault URL stands where a name is expected"),
  "akv-key-after-version": rule("error", "text", true, "The JSON key stands behind the version"),
  "akv-version-format": rule("warning", "text", false, "A Key Vault version is 32 hexadecimal digits"),
  "json-dotted-key": rule("info", "vault", false, "The dotted key can be read in two ways"),
  "inline-secret-value": rule("error", "text", true, "A secret's value is written in a file"),
  "connector-not-found": rule("error", "entities", true, "No such connector exists in its scope"),
  "connector-not-secret-manager": rule("error", "entities", false, "The connector is not a secret manager of this kind"),
  "secret-not-found": rule("error", "entities", true, "No such secret exists in its scope"),
  "secret-in-other-scope": rule("error", "entities", true, "The secret exists in another scope"),
  "name-used-as-identifier": rule("error", "entities", true, "The secret's Name stands where its identifier is expected"),
  "vault-secret-not-found": rule("error", "vault", true, "The vault holds no secret of this name"),
  "vault-secret-deleted": rule("error", "vault", false, "The secret is deleted and can be recovered"),
  "vault-secret-disabled": rule("error", "vault", false, "The secret's latest version is disabled"),
  "vault-secret-expired": rule("warning", "vault", false, "The version has expired"),
  "vault-secret-expiring": rule("info", "vault", false, "The version expires soon"),
  "vault-secret-not-yet-valid": rule("warning", "vault", false, "The version is not valid yet"),
  "vault-version-not-found": rule("error", "vault", true, "The secret has no such version"),
  "vault-version-disabled": rule("error", "vault", true, "The pinned version is disabled"),
  "vault-version-outdated": rule("info", "vault", true, "The pinned version is older than the latest"),
  "json-key-not-found": rule("error", "vault", true, "The secret's JSON value has no such key"),
  "json-value-not-json": rule("warning", "vault", true, "The secret's value is not JSON, so the whole secret is returned"),
  "connector-missing-field": rule("error", "text", true, "The connector lacks a field that Harness requires"),
  "connector-conflict": rule("warning", "text", true, "The connector has a field that its kind of credential does not use"),
  "connector-unknown-field": rule("warning", "text", true, "A field of the connector is written differently"),
  "connector-unknown-value": rule("error", "text", true, "The connector's field does not take this value"),
  "connector-no-subscription": rule("info", "text", true, "The connector names no subscription"),
  "akv-guid": rule("error", "text", true, "The field takes a GUID"),
  "akv-vault-name": rule("error", "text", true, "No Key Vault can have this name"),
  "invalid-name": rule("warning", "text", false, "The Name of a connector or secret breaks Harness's rules"),
  "secret-key-elsewhere": rule("error", "entities", false, "The connector's own secret is kept in another secret manager than the built-in one"),
  "connector-duplicate": rule("error", "entities", false, "Two connectors of one scope have the same identifier"),
  "connector-same-vault": rule("info", "entities", false, "Another connector opens the same vault"),
  "akv-inline-name-collision": rule("warning", "entities", false, "Two inline secrets of one vault have the same Name, so each overwrites the other"),
  "akv-purge-protection": rule("warning", "vault", true, "The vault has purge protection, so Harness cannot purge"),
  "akv-test-secret": rule("info", "vault", false, "A connection test has left its secret in the vault"),
  "akv-vault-not-found": rule("error", "vault", false, "The connector's vault does not exist"),
  "akv-tenant-not-found": rule("error", "vault", false, "The connector's tenant does not exist"),
  "akv-vault-elsewhere": rule("warning", "vault", true, "The vault belongs to another subscription or tenant"),
  "not-verified": rule("off", "vault", false, "The reference could not be checked"),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

export const ruleIds: readonly RuleId[] = Object.keys(rules) as RuleId[];

export function isRuleId(text: string): text is RuleId {
  return Object.hasOwn(rules, text);
}

/** Where the page of a rule is read. */
export function ruleUrl(id: RuleId): string {
  return `https://github.com/keyline/keyline/blob/main/docs/rules/${id}.md`;
}

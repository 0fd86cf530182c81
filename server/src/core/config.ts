/** Reads keyline.jsonc. What is right in it counts even where the rest is wrong. */
import type { Node, ParseError } from "jsonc-parser";
import { getNodeValue, parseTree, printParseErrorCode } from "jsonc-parser";
import type { ConnectorEntity, Entity, SecretEntity } from "./model/entities.ts";
import type { Scope } from "./model/scope.ts";
import { globProblem } from "./model/globProblem.ts";
import { parseScopeKey, scopeKey, scopeWords } from "./model/scope.ts";
import { shownText } from "./model/shownText.ts";
import type { Span } from "./model/span.ts";
import type { Cloud } from "./model/vaultTarget.ts";
import { isCloud, isGuid, isVaultName } from "./model/vaultTarget.ts";
import type { KeylineConfig } from "./model/workspaceModel.ts";
import type { RuleId, Severity } from "./rules.ts";
import { isRuleId, ruleIds, severities } from "./rules.ts";
import { nearest } from "./model/nearest.ts";
import { isConnectorIdentifier, isSecretIdentifier } from "./model/identifiers.ts";

/** Something wrong in keyline.jsonc. What is right in the rest of the file still counts. */
export interface ConfigProblem {
  readonly span: Span;
  readonly message: string;
}

const maxSyntaxProblems = 20;
const identifierWords = "An identifier has letters, digits, _ and $, at most 128, and does not start with a digit or $";

/** Deeper nesting than this is refused before it is parsed: the file needs three levels. */
const maxDepth = 50;

/** Reads the text of a keyline.jsonc. `uri` becomes the origin of its entities. */
export function readConfig(uri: string, text: string): { readonly config: KeylineConfig; readonly problems: readonly ConfigProblem[] } {
  return new ConfigReader(uri, text).read();
}

class ConfigReader {
  readonly #uri: string;
  readonly #text: string;
  readonly #problems: ConfigProblem[] = [];
  readonly #entities: Entity[] = [];
  readonly #added = new Set<string>();

  constructor(uri: string, text: string) {
    this.#uri = uri;
    // A byte order mark is no fault of whoever wrote the file.
    this.#text = text.replace(/^\ufeff/, " ");
  }

  read(): { readonly config: KeylineConfig; readonly problems: readonly ConfigProblem[] } {
    const root = this.#parse();
    const fields = this.#object(root, ["$schema", "organization", "project", "complete", "connectors", "secrets", "rules", "scopes", "include", "exclude"], "keyline.jsonc");
    const organization = this.#identifier(fields.get("organization"));
    const project = this.#identifier(fields.get("project"));
    if (project !== undefined && !fields.has("organization")) this.#report(fields.get("project"), "A project counts only with its organization. Add organization");
    for (const item of this.#array(fields.get("connectors"), "connectors")) this.#connector(item);
    for (const item of this.#array(fields.get("secrets"), "secrets")) this.#secret(item);
    const config: KeylineConfig = {
      ...(organization === undefined ? {} : { organization }),
      ...(project === undefined ? {} : { project }),
      complete: this.#strings(fields.get("complete"), "complete").flatMap((node) => (this.#scope(node) === undefined ? [] : [String(node.value)])),
      entities: this.#entities,
      rules: this.#rules(fields.get("rules")),
      scopes: this.#array(fields.get("scopes"), "scopes").flatMap((item) => this.#fileScope(item)),
      include: this.#globs(fields.get("include"), "include"),
      exclude: this.#globs(fields.get("exclude"), "exclude"),
    };
    return { config, problems: this.#problems };
  }

  #parse(): Node | undefined {
    if (this.#text.trim() === "") return undefined;
    if (tooDeep(this.#text)) {
      this.#push(0, 1, "The file is nested too deeply to be a configuration. Write it anew");
      return undefined;
    }
    const errors: ParseError[] = [];
    const root = parseTree(this.#text, errors, { allowTrailingComma: true });
    let behind = 0;
    for (const { offset, length, error } of errors) {
      // What follows on the same line is mostly the same fault again.
      if (offset < behind) continue;
      this.#push(offset, length, `${syntaxWords(printParseErrorCode(error))}. Mend the JSON here`);
      const lineBreak = this.#text.indexOf("\n", offset);
      if (lineBreak < 0 || this.#problems.length >= maxSyntaxProblems) break;
      behind = lineBreak;
    }
    return root;
  }

  #connector(node: Node): void {
    const fields = this.#object(node, ["identifier", "scope", "vault", "cloud", "tenant"], "a connector");
    const identifier = this.#identifier(this.#required(fields, node, "identifier"));
    const scope = this.#scope(this.#required(fields, node, "scope"));
    const vaultNode = this.#required(fields, node, "vault");
    const name = this.#string(vaultNode);
    const cloud = this.#cloud(fields.get("cloud"));
    const tenant = this.#string(fields.get("tenant"));
    if (tenant !== undefined && !isGuid(tenant)) this.#report(fields.get("tenant"), "A tenant is a GUID. Write the ID of the Entra tenant");
    if (name !== undefined && !isVaultName(name)) this.#report(vaultNode, "A vault's name has 3 to 24 letters, digits and single hyphens and starts with a letter. Write the short name, not the URL");
    if (identifier === undefined || scope === undefined || name === undefined || !isVaultName(name) || cloud === undefined) return;
    const connector: ConnectorEntity = {
      kind: "connector",
      identifier,
      scope,
      type: "AzureKeyVault",
      vault: { name, cloud, ...(tenant !== undefined && isGuid(tenant) ? { tenant: tenant.toLowerCase() } : {}) },
      origin: this.#origin(fields.get("identifier")),
    };
    this.#add(connector, node);
  }

  #secret(node: Node): void {
    const fields = this.#object(node, ["identifier", "scope", "connector", "value", "name"], "a secret");
    const identifier = this.#string(this.#required(fields, node, "identifier"));
    const isIdentifier = identifier !== undefined && isSecretIdentifier(identifier);
    if (identifier !== undefined && !isIdentifier) this.#report(fields.get("identifier"), identifierWords.replace("_ and $", "_, $ and -"));
    const scope = this.#scope(this.#required(fields, node, "scope"));
    const connector = this.#connectorReference(fields.get("connector"));
    const path = this.#string(fields.get("value"));
    if (path?.trim() === "") this.#report(fields.get("value"), "Write the secret's path in its secret manager: name, name#key or name/version");
    const name = this.#string(fields.get("name"));
    if (!isIdentifier || scope === undefined) return;
    const secret: SecretEntity = {
      kind: "secret",
      identifier,
      scope,
      type: "SecretText",
      ...(name === undefined ? {} : { name }),
      ...(connector === undefined ? {} : { connector }),
      ...(path === undefined || path.trim() === "" ? {} : { valueType: "Reference" as const, path }),
      origin: this.#origin(fields.get("identifier")),
    };
    this.#add(secret, node);
  }

  #fileScope(node: Node): KeylineConfig["scopes"] {
    const fields = this.#object(node, ["files", "scope"], "an entry of scopes");
    const filesNode = this.#required(fields, node, "files");
    const files = this.#glob(filesNode);
    const scope = this.#scope(this.#required(fields, node, "scope"));
    return files === undefined || scope === undefined ? [] : [{ files, scope }];
  }

  /** Two entries for one thing: the last counts, as in the model, and its owner is told. */
  #add(entity: ConnectorEntity | SecretEntity, node: Node): void {
    const { kind, scope, identifier } = entity;
    const key = `${kind} ${scope.level === "unknown" ? "" : scopeKey(scope)} ${identifier}`;
    if (this.#added.has(key)) this.#report(node, `There are two entries for ${kind} "${shownText(identifier)}" in ${scope.level === "unknown" ? "one scope" : scopeWords(scope)}, and only the last one counts. Remove one`);
    this.#added.add(key);
    this.#entities.push(entity);
  }

  #connectorReference(node: Node | undefined): string | undefined {
    const text = this.#string(node);
    if (text === undefined || isConnectorIdentifier(text.replace(/^(?:account|org)\./, ""))) return text;
    this.#report(node, "A connector is written id, org.id or account.id");
    return undefined;
  }

  #rules(node: Node | undefined): Readonly<Partial<Record<RuleId, Severity>>> {
    const chosen: Partial<Record<RuleId, Severity>> = {};
    for (const [key, value] of this.#properties(node, "rules")) {
      const id = String(key.value);
      const severity = severities.find((candidate) => candidate === value.value);
      const meant = nearest(id, ruleIds);
      if (!isRuleId(id)) this.#report(key, `No rule is called "${shownText(id)}". ${meant === undefined ? "See docs/rules for the list" : `Did you mean "${meant}"?`}`);
      else if (severity === undefined) this.#report(value, `A rule's severity is one of ${severities.join(", ")}`);
      else chosen[id] = severity;
    }
    return chosen;
  }

  #object(node: Node | undefined, known: readonly string[], what: string): Map<string, Node> {
    const fields = new Map<string, Node>();
    for (const [key, value] of this.#properties(node, what)) {
      const name = String(key.value);
      const meant = nearest(name, known);
      if (known.includes(name)) fields.set(name, value);
      else this.#report(key, `"${shownText(name)}" is not known in ${what}. ${meant === undefined ? `Known are ${known.filter((field) => field !== "$schema").join(", ")}` : `Did you mean "${meant}"?`}`);
    }
    return fields;
  }

  #properties(node: Node | undefined, what: string): readonly (readonly [Node, Node])[] {
    if (node === undefined) return [];
    if (node.type !== "object") {
      this.#report(node, `Write an object { } for ${what}`);
      return [];
    }
    const seen = new Set<string>();
    return (node.children ?? []).flatMap((property) => {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) return [];
      const name = String(key.value);
      if (seen.has(name)) this.#report(key, `"${shownText(name)}" stands here twice, and only the last one counts. Put both together`);
      seen.add(name);
      return [[key, value] as const];
    });
  }

  #array(node: Node | undefined, what: string): readonly Node[] {
    if (node === undefined) return [];
    if (node.type === "array") return node.children ?? [];
    this.#report(node, `Write a list [ ] for ${what}`);
    return [];
  }

  #strings(node: Node | undefined, what: string): readonly Node[] {
    return this.#array(node, what).filter((item) => this.#string(item) !== undefined);
  }

  #globs(node: Node | undefined, what: string): readonly string[] {
    return this.#array(node, what).flatMap((item) => this.#glob(item) ?? []);
  }

  #glob(node: Node | undefined): string | undefined {
    const text = this.#string(node);
    if (text === undefined) return undefined;
    const problem = globProblem(text);
    if (problem === undefined) return text;
    // Broken JSON is already reported, and what the text would be without the error is not known.
    if (!this.#isReported(node)) this.#report(node, problem);
    return undefined;
  }

  #string(node: Node | undefined): string | undefined {
    if (node === undefined) return undefined;
    const value: unknown = getNodeValue(node);
    if (typeof value === "string") return value;
    this.#report(node, "Write a text in double quotes");
    return undefined;
  }

  #identifier(node: Node | undefined): string | undefined {
    const text = this.#string(node);
    if (text === undefined || isConnectorIdentifier(text)) return text;
    this.#report(node, identifierWords);
    return undefined;
  }

  #scope(node: Node | undefined): Scope | undefined {
    const text = this.#string(node);
    if (text === undefined) return undefined;
    const scope = parseScopeKey(text);
    if (scope === undefined) this.#report(node, 'A scope is written "account", "org:<organization>" or "project:<organization>/<project>"');
    return scope;
  }

  #cloud(node: Node | undefined): Cloud | undefined {
    if (node === undefined) return "public";
    const text = this.#string(node);
    if (isCloud(text)) return text;
    this.#report(node, 'A cloud is "public", "usgov" or "china"');
    return undefined;
  }

  #required(fields: ReadonlyMap<string, Node>, owner: Node, field: string): Node | undefined {
    const node = fields.get(field);
    if (node === undefined && owner.type === "object") this.#report(owner, `"${field}" is missing. Add it`);
    return node;
  }

  #origin(node: Node | undefined): Entity["origin"] {
    return { uri: this.#uri, identifierSpan: { start: (node?.offset ?? 0) + 1, end: Math.max((node?.offset ?? 0) + (node?.length ?? 2) - 1, 1) } };
  }

  #isReported(node: Node | undefined): boolean {
    return node !== undefined && this.#problems.some(({ span }) => span.start >= node.offset && span.end <= node.offset + node.length);
  }

  #report(node: Node | undefined, message: string): void {
    this.#push(node?.offset ?? 0, node?.length ?? 1, message);
  }

  /** At least one character, and none behind the text: what is missing at its end is shown at its last character. */
  #push(offset: number, length: number, message: string): void {
    const end = Math.min(offset + Math.max(length, 1), this.#text.length);
    this.#problems.push({ span: { start: Math.max(0, Math.min(offset, end - 1)), end }, message });
  }
}

function syntaxWords(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/^./, (first) => first.toUpperCase());
}

function tooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > maxDepth) return true;
  }
  return false;
}

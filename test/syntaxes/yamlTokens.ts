import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Oniguruma from "vscode-oniguruma";
import type * as Textmate from "vscode-textmate";

// Both are CommonJS bundles whose names a static import does not see.
const load = createRequire(import.meta.url);
const textmate = load("vscode-textmate") as typeof Textmate;
const oniguruma = load("vscode-oniguruma") as typeof Oniguruma;

const root = join(import.meta.dirname, "../..");
const injectionPath = join(root, "syntaxes/harness-expressions.injection.tmLanguage.json");
export const injectionScope = "harness.expressions.injection";

/** A grammar of YAML to inject into: ours for tests, and VS Code's own where its server has been fetched. */
export interface YamlHost {
  readonly name: string;
  readonly paths: readonly string[];
}

export interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
  readonly line: number;
}

export function yamlHosts(): readonly YamlHost[] {
  const standIn = { name: "stand-in grammar", paths: [join(import.meta.dirname, "fixtures/standInYaml.tmLanguage.json")] };
  const folder = join(root, ".vscode-test/vscode-server/node_modules/code-server/lib/vscode/extensions/yaml/syntaxes");
  if (!existsSync(folder)) return [standIn];
  return [standIn, { name: "VS Code's grammar", paths: readdirSync(folder).map((name) => join(folder, name)) }];
}

/** The host's grammar; without the injection where `inject` is false. */
export async function yamlGrammar(host: YamlHost, inject = true): Promise<Textmate.IGrammar> {
  const paths = [...host.paths, injectionPath];
  const grammars = new Map(paths.map((path) => [JSON.parse(readFileSync(path, "utf8")).scopeName as string, path]));
  const registry = new textmate.Registry({
    onigLib: loadedOniguruma(),
    loadGrammar: async (scopeName): Promise<Textmate.IRawGrammar | null> => {
      const path = grammars.get(scopeName);
      return path === undefined ? null : textmate.parseRawGrammar(readFileSync(path, "utf8"), path);
    },
    getInjections: (scopeName) => (inject && scopeName === "source.yaml" ? [injectionScope] : undefined),
  });
  const grammar = await registry.loadGrammar("source.yaml");
  if (grammar === null) throw new Error("no grammar source.yaml");
  return grammar;
}

export function tokenize(grammar: Textmate.IGrammar, text: string): readonly Token[] {
  const tokens: Token[] = [];
  let state = textmate.INITIAL;
  for (const [line, content] of text.split("\n").entries()) {
    const result = grammar.tokenizeLine(content, state);
    state = result.ruleStack;
    for (const token of result.tokens) tokens.push({ text: content.slice(token.startIndex, token.endIndex), scopes: token.scopes, line });
  }
  return tokens;
}

let loaded: Promise<Textmate.IOnigLib> | undefined;

function loadedOniguruma(): Promise<Textmate.IOnigLib> {
  loaded ??= oniguruma.loadWASM(readFileSync(load.resolve("vscode-oniguruma/release/onig.wasm"))).then(() => ({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }));
  return loaded;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Token, YamlHost } from "./yamlTokens.ts";
import { injectionScope, tokenize, yamlGrammar, yamlHosts } from "./yamlTokens.ts";

const version = "0123456789abcdef0123456789abcdef";
const inExpression = "meta.embedded.expression.harness";

/** Scalars of every kind, each around one reference; `<q>` stands for the quote as that kind has to write it. */
const scalars: readonly (readonly [string, string, string])[] = [
  ["plain", `value: @`, `"`],
  ["plain, then a comment", `value: @ # note`, `"`],
  ["plain, in the middle", `value: jdbc:@;ssl=true`, `"`],
  ["single-quoted", `value: '@'`, `"`],
  ["single-quoted with doubled quotes", `value: '@'`, `''`],
  ["double-quoted", `value: "@"`, `\\"`],
  ["plain with single quotes", `value: @`, `'`],
  ["literal block", `value: |\n  run @ now`, `"`],
  ["folded block", `value: >-\n  run @ now`, `"`],
  ["comment of a script in a block", `value: |\n  # old: @\n  run`, `"`],
  ["item of a sequence", `- @`, `"`],
  ["flow mapping", `{a: @, b: c}`, `"`],
  ["flow sequence, quoted", `[ '@', x ]`, `"`],
];

describe.each(yamlHosts())("expressions inside $name", (host) => {
  it.each(scalars)("are coloured in a scalar: %s", async (_kind, template, quote) => {
    const tokens = await tokensOf(host, template.replace("@", `<+secrets.getValue(${quote}account.db_password${quote})>`));
    expect(scopesOf(tokens, "<+")).toContain("punctuation.definition.expression.begin.harness");
    expect(scopesOf(tokens, "secrets")).toContain("support.class.secrets.harness");
    expect(scopesOf(tokens, "getValue")).toContain("support.function.get-value.harness");
    expect(scopesOf(tokens, "account")).toContain("storage.modifier.scope.harness");
    expect(scopesOf(tokens, "db_password")).toContain("entity.name.secret.harness");
    expect(scopesOf(tokens, "db_password")).toContain(quote.endsWith("'") ? "string.quoted.single.harness" : "string.quoted.double.harness");
    expect(scopesOf(tokens, ">", "punctuation.definition.expression.end.harness")).toContain(inExpression);
  });

  it.each(["azurevault", "hashicorpvault", "awssecretsmanager", "gcpsecretsmanager"])("show the parts of a path of %s", async (scheme) => {
    const tokens = await tokensOf(host, `value: <+secrets.getValue("org.${scheme}://my_kv/payment-config#user/${version}")>`);
    expect(scopesOf(tokens, "org")).toContain("storage.modifier.scope.harness");
    expect(scopesOf(tokens, scheme)).toContain("keyword.other.scheme.harness");
    expect(scopesOf(tokens, "my_kv")).toContain("entity.name.namespace.connector.harness");
    expect(scopesOf(tokens, "payment-config")).toContain("entity.name.secret.harness");
    expect(scopesOf(tokens, "#")).toContain("punctuation.separator.key.harness");
    expect(scopesOf(tokens, "user")).toContain("variable.other.property.json-key.harness");
    expect(scopesOf(tokens, version)).toContain("constant.numeric.version.harness");
  });

  it.each([
    ["a scheme in the wrong case", `azureVault://kv/x`, "azureVault", "keyword.other.scheme.harness"],
    ["a scope in the wrong case", `Account.x`, "Account", "storage.modifier.scope.harness"],
    ["a version that is too short", `azurevault://kv/x/0123`, "0123", "constant.numeric.version.harness"],
  ])("do not dress up %s", async (_what, argument, word, scope) => {
    const tokens = await tokensOf(host, `value: <+secrets.getValue("${argument}")>`);
    expect(scopesOf(tokens, word)).not.toContain(scope);
  });

  it("nest, and end where the outermost ends", async () => {
    const tokens = await tokensOf(host, `value: <+secrets.getValue("app_<+env.identifier>_pw")> tail`);
    expect(scopesOf(tokens, "identifier")).toContain("variable.other.property.harness");
    expect(scopesOf(tokens, "_pw")).toContain("entity.name.secret.harness");
    expect(tokens.filter((token) => token.scopes.at(-1) === "punctuation.definition.expression.end.harness")).toHaveLength(2);
    expect(scopesOf(tokens, "tail", "string.unquoted.plain.out.yaml")).not.toContain(inExpression);
  });

  it("keep an escaped > and one inside quotes", async () => {
    const tokens = await tokensOf(host, `value: <+a.b == "x>y" && c \\> d> tail`);
    expect(scopesOf(tokens, "x>y")).toContain("string.quoted.double.harness");
    expect(scopesOf(tokens, "\\>")).toContain("constant.character.escape.harness");
    expect(scopesOf(tokens, "==")).toContain("keyword.operator.comparison.harness");
    expect(scopesOf(tokens, "&&")).toContain("keyword.operator.logical.harness");
    expect(scopesOf(tokens, "d")).toContain(inExpression);
    expect(scopesOf(tokens, "tail", "string.unquoted.plain.out.yaml")).not.toContain(inExpression);
  });

  it("show functors, methods, properties and a ternary", async () => {
    const tokens = await tokensOf(host, `value: '<+<+pipeline.name>=="a"?<+json.select("$.k", <+step.output>)>:<+stage.tags.concat(1)>>'`);
    expect(scopesOf(tokens, "json")).toContain("support.class.harness");
    expect(scopesOf(tokens, "select")).toContain("entity.name.function.member.harness");
    expect(scopesOf(tokens, "concat")).toContain("entity.name.function.member.harness");
    expect(scopesOf(tokens, "output")).toContain("variable.other.property.harness");
    expect(scopesOf(tokens, "?")).toContain("keyword.operator.ternary.harness");
    expect(scopesOf(tokens, "1")).toContain("constant.numeric.harness");
  });

  it("tell a run-time input from an expression", async () => {
    const tokens = await tokensOf(host, `value: <+input>.allowedValues(dev,<+pipeline.name>).default(dev) tail`);
    expect(scopesOf(tokens, "input")).toContain("keyword.other.input.harness");
    expect(scopesOf(tokens, "input")).not.toContain(inExpression);
    expect(scopesOf(tokens, "allowedValues")).toContain("support.function.input.harness");
    expect(scopesOf(tokens, "name")).toContain(inExpression);
    expect(scopesOf(tokens, "default")).toContain("support.function.input.harness");
    expect(scopesOf(tokens, "tail", "string.unquoted.plain.out.yaml")).not.toContain("meta.embedded.input.harness");
  });

  it("grey a disabled one", async () => {
    const tokens = await tokensOf(host, `value: <_+secrets.getValue("x")> tail`);
    expect(tokens.find((token) => token.text.startsWith("secrets"))?.scopes).toContain("comment.block.disabled.harness");
    expect(scopesOf(tokens, "tail", "string.unquoted.plain.out.yaml")).not.toContain("comment.block.disabled.harness");
  });

  it.each([
    ["a YAML comment", `# <+secrets.getValue("x")>\na: b`],
    ["a YAML comment behind a value", `a: b # <+secrets.getValue("x")>`],
    ["an expression that has no end yet", `a: <+secrets.getValue("x"\nb: c`],
    ["a quoted expression that has no end yet", `a: "<+secrets.getValue("\nb: c\nd: 'e'`],
    ["text without expressions", `a: [1, "two", {b: 'c'}]\nd: |\n  x < y + z > 0\ne: f`],
  ])("leave YAML's colours alone: %s", async (_what, text) => {
    expect(await tokensOf(host, text)).toEqual(tokenize(await yamlGrammar(host, false), text));
  });

  it.each(scalars)("leave the lines around them alone: %s", async (_kind, template, quote) => {
    const text = `before: "x"\n${template.replace("@", `<+secrets.getValue(${quote}x${quote})>`)}\n`.concat(template.startsWith("{") ? "" : "...\nafter: [1]");
    const plain = `before: "x"\n${template.replace("@", "harmless")}\n`.concat(template.startsWith("{") ? "" : "...\nafter: [1]");
    const around = (tokens: readonly Token[]): readonly Token[] => tokens.filter((token) => token.line === 0 || token.line > template.split("\n").length);
    expect(around(await tokensOf(host, text))).toEqual(around(tokenize(await yamlGrammar(host, false), plain)));
  });
});

describe.each(yamlHosts())("the demo's files in $name", (host) => {
  const demo = join(import.meta.dirname, "../../demo");
  const paths = readdirSync(demo, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));

  it.each(paths)("%s keeps YAML's colours outside expressions", async (path) => {
    const text = readFileSync(join(demo, path), "utf8");
    const plain = scopesByCharacter(tokenize(await yamlGrammar(host, false), text));
    const injected = scopesByCharacter(await tokensOf(host, text));
    const isOurs = (scopes: string | undefined): boolean => scopes?.includes(".harness") === true;
    expect(injected.filter((scopes) => !isOurs(scopes))).toEqual(plain.filter((_, index) => !isOurs(injected[index])));
    expect(injected.some(isOurs)).toBe(text.includes("<+"));
  });
});

describe("the injection grammar", () => {
  it("carries the scope name that the manifest gives it", () => {
    const root = join(import.meta.dirname, "../..");
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const [contribution] = manifest.contributes.grammars;
    expect(contribution).toMatchObject({ scopeName: injectionScope, injectTo: ["source.yaml"] });
    expect(JSON.parse(readFileSync(join(root, contribution.path), "utf8")).scopeName).toBe(injectionScope);
  });

  /** VS Code gives up on lines beyond 20,000 characters (editor.maxTokenizationLineLength), so that is the worst case. */
  it.each([
    ["openings without an end", "<+", ""],
    ["openings with one end far away", "<+", ">"],
    ["nested openings, half of them closed", "<+<+>", ""],
    ["quotes without partners", `<+"'`, ">"],
    ["calls without an end", `<+secrets.getValue("`, ">"],
    ["blanks where one may stand", "<+secrets" + " ".repeat(50), ">"],
    ["backslashes", "<+\\", ">"],
    ["brackets", "<+(((", ">"],
    ["input markers", "<+input>.default(", ">"],
    ["disabled ones", "<_+", ">"],
  ])("stays quick on %s", async (_what, unit, tail) => {
    const [host] = yamlHosts();
    if (host === undefined) throw new Error("no host grammar");
    const grammar = await yamlGrammar(host);
    const line = `a: ${unit.repeat(Math.floor(20_000 / unit.length))}${tail}`;
    const startedMs = performance.now();
    const tokens = tokenize(grammar, line);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(tokens.map((token) => token.text).join("")).toBe(line);
  });
});

async function tokensOf(host: YamlHost, text: string): Promise<readonly Token[]> {
  return tokenize(await yamlGrammar(host), text);
}

function scopesByCharacter(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token) => Array.from({ length: token.text.length }, () => token.scopes.join(" ")));
}

/** The scopes of the token that is `text`, or (where a host joins it with blanks) the first with `scope` that holds it. */
function scopesOf(tokens: readonly Token[], text: string, scope?: string): readonly string[] {
  const token = tokens.find((candidate) => (scope === undefined ? candidate.text === text : candidate.text.includes(text) && candidate.scopes.includes(scope)));
  if (token === undefined) throw new Error(`no token ${text} in ${tokens.map((candidate) => candidate.text).join("|")}`);
  return token.scopes;
}

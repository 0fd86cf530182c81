/** Documents made to hurt a reader of YAML or of expressions (threats T06 and T07): each family at any length. */
export interface HostileText {
  readonly name: string;
  /** The length, in characters, that the threat names. */
  readonly length: number;
  /** A document of about that many characters. */
  write(length: number): string;
}

const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";
const call = '<+secrets.getValue("';
const kilo = 1000;
const connectorHead = "connector:\n  identifier: kv\n  type: AzureKeyVault\n  spec:\n";

export function hostileTexts(): readonly HostileText[] {
  return [...yamlBombs(), ...wideCollections(), ...deepCollections(), ...expressionFloods(), ...longLines()];
}

/** `pattern` again and again up to that length. */
function fill(pattern: string, length: number): string {
  return pattern.repeat(Math.max(1, Math.ceil(length / pattern.length)));
}

/** What `line` gives for 0, 1, 2 ... up to that length. */
function lines(length: number, line: (index: number) => string): string {
  const written: string[] = [];
  for (let size = 0, index = 0; size < length; index++) {
    const next = line(index);
    written.push(next);
    size += next.length + 1;
  }
  return `${written.join("\n")}\n`;
}

function repeated(name: string, pattern: string, times: number, before = ""): HostileText {
  return { name, length: pattern.length * times, write: (length) => before + fill(pattern, length) };
}

function yamlBombs(): readonly HostileText[] {
  return [
    { name: "aliases that multiply", length: 4 * kilo, write: (length) => lines(length, (index) => (index === 0 ? 'a0: &a0 ["x"]' : `a${String(index)}: &a${String(index)} [${`*a${String(index - 1)},`.repeat(9)}]`)) },
    repeated("1,000 open brackets", "[", 1000),
    repeated("10,000 open brackets", "[", 10_000),
    repeated("10,000 open braces", "{a: ", 10_000),
    repeated("50,000 dashes on a line", "- ", 50_000),
    repeated("50,000 question marks on a line", "? ", 50_000),
    { name: "100,000 sibling keys", length: 1_200 * kilo, write: (length) => head + lines(length, (index) => `  k${String(index)}: v`) },
    { name: "100,000 keys in a connector's spec", length: 1_200 * kilo, write: (length) => connectorHead + lines(length, (index) => `    vaultNme${String(index % 7)}: v`) },
    { name: "a trigger whose inputYaml has 10,000 variables", length: 700 * kilo, write: (length) => `trigger:\n  identifier: t\n  inputYaml: |\n    variables:\n${lines(length, (index) => `      - { name: a${String(index)}, type: Secret, value: "${call.replaceAll('"', '\\"')}b\\")>" }`)}` },
    repeated("5,000 triggers with inputYaml", "---\ntrigger:\n  identifier: t\n  inputYaml: |\n    variables:\n      - { name: a, type: Secret, value: b }\n", 5_000),
    repeated("20,000 stages that are no part of a pipeline", "- stage:\n    type: x\n    variables: [{ name: a, type: Secret }]\n", 20_000),
    repeated("20,000 variables of an override", "- { name: a, type: String, value: b }\n", 20_000, "variables:\n"),
    repeated("2,000 Key Vault connectors of one identifier and vault", `---\n${connectorHead}    vaultName: shop-kv\n    secretKey: account.a\n`, 2_000),
    { name: "2,000 Key Vault connectors on one vault", length: 220 * kilo, write: (length) => lines(length, (index) => `---\n${connectorHead.replace("kv", `kv${String(index)}`)}    vaultName: shop-kv\n    subscription: x`) },
    repeated("20,000 documents", "---\na: 1\n", 20_000),
    repeated("20,000 pipelines without an identifier", "---\npipeline:\n  a: b\n", 20_000),
    { name: "one scalar of 10 MB", length: 10_000 * kilo, write: (length) => `a: ${fill("x", length)}\n` },
    {
      name: "4,000 merge keys of 4,000 keys",
      length: 120 * kilo,
      write: (length) => `base: &base\n${lines(length / 2, (index) => `  k${String(index)}: v`)}all:\n${lines(length / 2, () => "  <<: *base")}`,
    },
    { name: "2 MB of escapes", length: 2_000 * kilo, write: (length) => `${head}  x: "${fill("\\u003c\\\\\\x2b\\n", length)}"\n` },
    { name: "lone surrogates and NUL", length: 400 * kilo, write: (length) => `${head}  x: |\n    ${fill("\ud800\u0000<+secrets.getValue(\"\udc00\")>\udfff ", length)}\n` },
  ];
}

function wideCollections(): readonly HostileText[] {
  return [
    { name: "a map of values", length: 400 * kilo, write: (length) => `${head}  variables:\n    - name: n\n      type: Secret\n${fill("      value: a\n", length)}` },
    { name: "a secret of many keys", length: 400 * kilo, write: (length) => `secret:\n  identifier: s\n  type: SecretText\n  spec:\n    value: x\n${lines(length, (index) => `    k${String(index)}: v`)}` },
    { name: "a connector of secret fields", length: 400 * kilo, write: (length) => `connector:\n  identifier: c\n  type: Github\n  spec:\n${fill("    tokenRef: account.x.y\n", length)}` },
    { name: "secret variables", length: 400 * kilo, write: (length) => `${head}  variables:\n${fill("    - name: n\n      type: Secret\n      value: 1bad\n", length)}` },
    {
      name: "variables and expressions that name them",
      length: 400 * kilo,
      write: (length) =>
        `${head}  variables:\n${lines(length / 2, (index) => `    - name: v${String(index)}\n      type: String\n      value: s`)}  script: |\n${lines(length / 2, (index) => `    <+secrets.getValue(<+pipeline.variables.v${String(index)}>)>`)}`,
    },
    { name: "secrets in one file", length: 400 * kilo, write: (length) => lines(length, (index) => `secret:\n  identifier: s${String(index)}\n  type: SecretText\n  spec:\n    secretManagerIdentifier: c\n    valueType: Reference\n    value: a_b\n---`) },
    { name: "keys without a hash", length: 400 * kilo, write: (length) => fill("a: b\n", length) },
    { name: "quoted words without a partner", length: 400 * kilo, write: (length) => fill('"a\n', length) },
    { name: "keys that begin with a quote", length: 400 * kilo, write: (length) => fill("'a: b\n", length) },
    { name: "a flow map on one line", length: 400 * kilo, write: (length) => `${head}  x: {${fill('"a": \'b\', c: d, ', length)}}\n` },
    { name: "a flow list over many lines", length: 400 * kilo, write: (length) => `${head}  x: [\n${fill('    "a" b,\n    \'c\n', length)}  ]\n` },
  ];
}

function deepCollections(): readonly HostileText[] {
  return [
    { name: "deep block nesting", length: 400 * kilo, write: (length) => head + staircase(length) },
    { name: "deep block nesting, again and again", length: 400 * kilo, write: (length) => head + fill(staircase(30 * kilo), length) },
    { name: "200 dashes on each line", length: 400 * kilo, write: (length) => fill(`${"- ".repeat(250)}x\n`, length) },
    { name: "200 dashes before a long line", length: 400 * kilo, write: (length) => fill(`${"- ".repeat(199)}${"x".repeat(8000)}\n`, length) },
    { name: "secret fields deep below", length: 400 * kilo, write: (length) => `connector:\n  identifier: c\n  type: Github\n  spec:\n${lines(180 * 180, (index) => `${"  ".repeat(index + 2)}a:`).trimEnd()}\n${fill(`${" ".repeat(400)}tokenRef: x\n`, length)}` },
  ];
}

function staircase(length: number): string {
  const depth = Math.floor(Math.sqrt(length));
  return `${Array.from({ length: depth }, (_, index) => `${"  ".repeat(index + 1)}a:`).join("\n")}\n`;
}

const floods: readonly (readonly [string, string])[] = [
  ["open calls", call],
  ["calls in apostrophes", "<+secrets.getValue('"],
  ["calls without quotes", "<+secrets.getValue("],
  ["calls in one expression", "secrets.getValue("],
  ["calls inside calls with an end", 'secrets.getValue("a")+'],
  ["expression starts", "<+"],
  ["spaces", " "],
  ["double quotes", '"'],
  ["single quotes", "'"],
  ["open round brackets", "("],
  ["closing round brackets", ")"],
  ["greater signs", ">"],
  ["expression starts in quotes", '<+"> '],
  ["words and expression starts in quotes", '<+secrets."> '],
  ["complete calls", `${call}a")> `],
  ["calls with a bad identifier", `${call}1a")>`],
  ["calls with a long path", `${call}azurevault://a/${"/".repeat(200)}")>`],
  ["calls and calls without a plus", `${call}a")> <secrets.getValue("x")> `],
  ["double braces", "${{ secrets.x "],
  ["first generation", "${secrets.getValue("],
  ["misspelt functors", "<+sercets.getValue("],
  ["words", "secrets "],
  ["nested expressions", "<+a.<+b"],
  ["nested expressions with an end", `${"<+(".repeat(14)}secrets.getValue("a")${")>".repeat(14)}`],
  ["backslashes in calls", `${call}\\`],
  ["dots", `${call}a.`],
  ["calls with a variable of the shell", `A= ${call}a_$A")> `],
  ["calls with braces of the shell", `${call}\${A[")>`],
  ["compared variables", '<+pipeline.variables.n == "" '],
  ["typographic quotes", "<+secrets.getValue(\u201ca\u201d"],
  ["hash signs in calls", `# ${call}a")> `],
];

/** Each pattern in every kind of place that holds an expression. */
function expressionFloods(): readonly HostileText[] {
  return floods.flatMap(([name, pattern]) => [
    flood(name, pattern, "text", (content) => content),
    flood(name, pattern, "a block scalar", (content) => `${head}  script: |\n    ${content}\n`),
    flood(name, pattern, "a block scalar of many lines", (content) => `${head}  script: |\n    ${content.replace(/.{60,90}/gu, "$&\n    ")}\n`),
    flood(name, pattern, "double quotes", (content) => `${head}  script: "${content.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"\n`),
    flood(name, pattern, "single quotes", (content) => `${head}  script: '${content.replaceAll("'", "''")}'\n`),
    flood(name, pattern, "broken quotes", (content) => `${head}  script: "${content}"\n`),
    flood(name, pattern, "a flow list", (content) => `${head}  script: [${content}]\n`),
    flood(name, pattern, "one expression", (content) => `${head}  script: <+secrets.getValue("a")${content}>\n`),
    flood(name, pattern, "a secret variable", (content) => `${head}  variables:\n    - name: n\n      type: Secret\n      value: ${content}\n`),
  ]);
}

function flood(name: string, pattern: string, place: string, wrap: (content: string) => string): HostileText {
  return { name: `${name} in ${place}`, length: 400 * kilo, write: (length) => wrap(fill(pattern, length)) };
}

const marks = [":", ": ", "#", " #", "-", "- ", "&a", "&a ", "!t", "!t ", "*a", "*a ", "'", "' ", '"', '" ', "\\", "\\\"", "? ", "|", "%", "@", "`", ",", "{", "}", "[", "]", "\t", "\r", "\u2028", "a:\r", "<<: ", "---", "..."];

function longLines(): readonly HostileText[] {
  return marks.flatMap((mark) => [
    { name: `a line of ${JSON.stringify(mark)}`, length: 400 * kilo, write: (length: number) => `${head}  x: ${fill(mark, length)}\n` },
    { name: `a key of ${JSON.stringify(mark)}`, length: 400 * kilo, write: (length: number) => `${head}  ${fill(mark, length)}: ${call}a")>\n` },
    { name: `lines that begin with ${JSON.stringify(mark)}`, length: 400 * kilo, write: (length: number) => head + fill(`  ${mark}\n`, length) },
    { name: `values that begin with ${JSON.stringify(mark)}`, length: 400 * kilo, write: (length: number) => head + fill(`  a: ${mark}x\n`, length) },
  ]);
}

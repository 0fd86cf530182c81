/** Random YAML as people and Harness write it, and as they hardly ever do. */
import type { SeededRandom } from "./seededRandom.ts";

const words = [
  ...["a", "name", "db_password", "x y z", "1.5", "true", "~", "äöü", "🔑", "-x", "a#b", "a:b", "a::b", "it's", 'say "hi"', "50%", "a, b", "C:\\dir", "=x", "<x", "..", "a -b", "--x", "a\\#b", "ends:no", "!x".slice(1)],
  ...["<+pipeline.name>", '<+secrets.getValue("x")>', "<+a ? b:c>", "${TF_VAR}", "https://h/p#q"],
];
const keys = ["a", "key", "name", "with space", "a.b", "x-y", "ключ", "k1", "a:b", "a#b", "it's", "a-", "a,b", "<<", "2"];

/** A text of one or more documents that is valid YAML, or nearly always so. */
export function randomYaml(random: SeededRandom): string {
  const documents = Array.from({ length: random.chance(0.2) ? 1 + random.below(3) : 1 }, () => document(random));
  const isSeveral = documents.length > 1 || random.chance(0.2);
  let text = isSeveral ? documents.map((each) => `---${random.chance(0.2) ? " # doc" : random.chance(0.05) ? ` ${random.pick(["{ a: b }", "a", "'b'", "|\n  x"])}\n---` : ""}\n${each}`).join(random.chance(0.2) ? "...\n" : "") : (documents[0] ?? "");
  if (random.chance(0.15)) text = text.replaceAll("\n", "\r\n");
  // The oracle counts a byte order mark as a column, which moves a sequence on the first line.
  if (random.chance(0.1) && !text.startsWith("- ")) text = `\ufeff${text}`;
  return random.chance(0.2) ? text.trimEnd() : text;
}

function document(random: SeededRandom): string {
  if (random.chance(0.05)) return `${scalar(random, 0)}${end(random)}`;
  return `${comment(random, 0)}${random.chance(0.85) ? map(random, 0, 0) : seq(random, 0, 0)}`;
}

function comment(random: SeededRandom, indent: number): string {
  return random.chance(0.1) ? `${" ".repeat(random.chance(0.3) ? random.below(9) : indent)}# comment: with <+text>\n` : random.chance(0.05) ? `${" ".repeat(random.below(3))}\n` : "";
}

function map(random: SeededRandom, indent: number, depth: number): string {
  let text = "";
  for (let count = 1 + random.below(4); count > 0; count--) text += comment(random, indent) + " ".repeat(indent) + entry(random, indent, depth);
  return text;
}

function key(random: SeededRandom): string {
  const name = random.pick(keys);
  const style = random.below(10);
  if (style === 2) return random.pick([`"a \\"b\\": c"`, `'it''s: so'`, `"a # b"`, `'- x'`, `"{x}"`]);
  return style === 0 ? `"${name}"` : style === 1 ? `'${name}'` : name;
}

/** From the key on; the caller has written the indentation. */
function entry(random: SeededRandom, indent: number, depth: number): string {
  const colon = `${key(random)}${random.chance(0.05) ? " " : ""}:`;
  return colon + value(random, indent, depth, "map");
}

function seq(random: SeededRandom, indent: number, depth: number): string {
  let text = "";
  for (let count = 1 + random.below(3); count > 0; count--) text += comment(random, indent) + " ".repeat(indent) + item(random, indent, depth);
  return text;
}

function item(random: SeededRandom, indent: number, depth: number): string {
  if (depth < 4 && random.chance(0.4)) {
    const gap = 1 + random.below(3);
    const inner = indent + 1 + gap;
    const rest = random.chance(0.75) ? map(random, inner, depth + 1) : seq(random, inner, depth + 1);
    const lines = rest.slice(rest.search(/[^ \n]/));
    // A comment or blank line first would put the collection on a line of its own.
    return lines.startsWith("#") ? `-\n${rest}` : `-${" ".repeat(gap)}${lines}`;
  }
  return `-${value(random, indent, depth, "seq")}`;
}

function properties(random: SeededRandom): string {
  return random.chance(0.05) ? `&a${String(random.below(9))} ` : random.chance(0.03) ? "!!str " : "";
}

function end(random: SeededRandom): string {
  return `${random.chance(0.05) ? "  " : ""}${random.chance(0.1) ? " # why: \"so\"" : ""}\n`;
}

function value(random: SeededRandom, indent: number, depth: number, owner: "map" | "seq"): string {
  const choice = random.below(20);
  if (depth < 4 && choice < 6) {
    const anchor = random.chance(0.1) ? " &n" : "";
    const inner = indent + 1 + random.below(3);
    if (owner === "map" && random.chance(0.5)) return `${anchor}${end(random)}${seq(random, random.chance(0.5) ? indent : inner, depth + 1)}`;
    return `${anchor}${end(random)}${map(random, inner, depth + 1)}`;
  }
  if (choice === 6) return random.chance(0.2) ? ` *a${String(random.below(9))}${end(random)}` : end(random);
  if (choice === 7 || choice === 8) return ` ${properties(random)}${block(random, indent)}`;
  if (choice === 10) {
    const pad = `\n${" ".repeat(indent + 1 + random.below(3))}`;
    return `${random.chance(0.2) ? " # why" : ""}${pad}${random.chance(0.3) ? flow(random, 0, indent) : scalar(random, indent)}${end(random)}`;
  }
  if (choice === 9) return ` ${flow(random, 0, indent)}${end(random)}`;
  return `${random.chance(0.1) ? "   " : random.chance(0.05) ? "\t" : " "}${properties(random)}${scalar(random, indent)}${end(random)}`;
}

function scalar(random: SeededRandom, indent: number): string {
  const style = random.below(6);
  const pad = " ".repeat(indent + 1 + random.below(3));
  const breakLine = (): string => (random.chance(0.1) ? `\n${random.chance(0.2) ? "\n" : ""}${pad}` : " ");
  if (style === 0) return `"${random.pick(words).replace(/[\\"]/g, "\\$&")}${random.chance(0.3) ? breakLine() + random.pick(["\\t", "\\u00e9", "\\\\", 'a \\"b\\"', "# no comment", "k: v"]) : ""}"`;
  if (style === 1) return `'${random.pick(words).replaceAll("'", "''")}${random.chance(0.3) ? breakLine() + random.pick(["''", "# no", "k: v", "\\"]) : ""}'`;
  let text = plain(random);
  while (random.chance(0.1)) text += `\n${random.chance(0.2) ? "  \n" : ""}${pad}${random.pick([plain(random), "- x", '"quoted"', "'q'", "[a]", "| x", "&x", "a #b".replace(" #", "#")])}`;
  return text;
}

function plain(random: SeededRandom): string {
  return random.pick(words);
}

function block(random: SeededRandom, indent: number): string {
  const inner = indent + 1 + random.below(3);
  const usesIndicator = random.chance(0.2);
  const header = `${random.pick(["|", ">"])}${usesIndicator ? String(inner - indent) : ""}${random.pick(["", "-", "+"])}${random.chance(0.1) ? " # header" : ""}\n`;
  const pad = " ".repeat(inner);
  let text = "";
  for (let count = 1 + random.below(4); count > 0; count--) {
    text += random.pick([
      () => `${pad}${usesIndicator && random.chance(0.3) ? "  " : ""}echo ${random.pick(words)}\n`,
      () => `${pad}# a comment of the script\n`,
      () => `${pad}key: value\n`,
      () => `${pad}--- \n`,
      () => `${pad}- item "with quotes\n`,
      () => (text === "" ? `${pad}first\n` : "\n"),
      () => (text === "" ? `${pad}first\n` : `${pad}  deeper\n`),
      () => `${pad}tab\there\n`,
      () => `${pad}"open\n`,
      () => `${pad}{ [ not flow\n`,
      () => `${pad}key: |\n`,
      () => (text === "" ? `${pad}first\n` : `${" ".repeat(random.below(inner))}\n`),
    ])();
  }
  return header + text;
}

function flow(random: SeededRandom, depth: number, indent: number): string {
  const isMap = random.chance(0.6);
  const items = Array.from({ length: random.below(4) }, () => {
    const inner = depth < 2 && random.chance(0.25) ? flow(random, depth + 1, indent) : flowScalar(random);
    if (isMap && random.chance(0.1)) return `"${random.pick(keys)}":${inner}`;
    return isMap ? (random.chance(0.1) ? flowKey(random) : `${flowKey(random)}: ${inner}`) : inner;
  });
  const comma = random.chance(0.2) ? `,${random.chance(0.2) ? " # why: [so]" : ""}\n${" ".repeat(indent + 2)}` : random.chance(0.2) ? "," : ", ";
  const space = random.chance(0.5) ? " " : "";
  const last = items.length > 0 && random.chance(0.1) ? "," : "";
  return `${isMap ? "{" : "["}${space}${items.join(comma)}${last}${space}${isMap ? "}" : "]"}`;
}

function flowKey(random: SeededRandom): string {
  return random.chance(0.2) ? `"${random.pick(keys)}"` : random.pick(keys).replaceAll(",", "");
}

function flowScalar(random: SeededRandom): string {
  const word = random.pick(words);
  if (random.chance(0.3)) return `"${word.replace(/[\\"]/g, "\\$&")}"`;
  if (random.chance(0.3)) return `'${word.replaceAll("'", "''")}'`;
  if (random.chance(0.05)) return `a\n          b`;
  return /[,[\]{}?]/.test(word) ? "w" : word;
}

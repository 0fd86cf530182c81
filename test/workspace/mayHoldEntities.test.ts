import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyze } from "../../server/src/core/index.ts";
import { fileEntities } from "../../server/src/workspace/fileEntities.ts";
import { mayHoldEntities } from "../../server/src/workspace/mayHoldEntities.ts";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { demoFolder } from "../core/demoWorkspace.ts";
import { seededRandom } from "../core/seededRandom.ts";
import { connectorText, pipelineText, vaultReference } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";

function may(text: string): boolean {
  return mayHoldEntities(Buffer.from(text));
}

test.each([
  "connector:\n  identifier: a\n",
  `"connector":\n  identifier: a\n`,
  `'secret' :\n  identifier: a\n`,
  "secret\t:\n  identifier: a\n",
  "\ufeffsecret:\n  identifier: a\n",
  "---\r\nconnector:\r\n  identifier: a\r\n",
  "{connector: {identifier: a}}",
  `{"connector":{"identifier":"a"}}`,
  "&anchor connector:\n  identifier: a\n",
  "!!map secret: {identifier: a}\n",
  "pipeline:\n  identifier: p\n---\nsecret:\n  identifier: a\n",
])("a file that may define something: %j", (text) => {
  expect(may(text)).toBe(true);
});

test.each(["", "a: 1\n", pipelineText(vaultReference("db")), "connectorRef: kv\n", "my-secret: x\nmy_secret: y\n.connector: z\n2secret: 1\n", "secrets:\n  - a\n", "a secret and a connector\n", "Connector:\n", "apiVersion: v1\nkind: Secret\n"])(
  "a file that is never decoded: %j",
  (text) => {
    expect(may(text)).toBe(false);
  },
);

test("what is no UTF-8 text cannot be searched, and may hold anything", () => {
  expect(mayHoldEntities(Buffer.from(connectorText(), "utf16le"))).toBe(true);
  expect(mayHoldEntities(Buffer.from([1, 0, 2]))).toBe(true);
});

test("a part of a larger buffer is searched, and no more", () => {
  const bytes = Buffer.from("connector: a: 1");
  expect(mayHoldEntities(bytes.subarray(11))).toBe(false);
  expect(mayHoldEntities(new Uint8Array(bytes).subarray(0, 10))).toBe(true);
  expect(mayHoldEntities(bytes.subarray(0, 9))).toBe(false);
});

test("never false where the core finds an entity: the demo's files", () => {
  const paths = readdirSync(demoFolder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));
  const texts = paths.map((path) => readFileSync(join(demoFolder, path), "utf8"));
  const holding = texts.filter((text) => analyze("file:///a.yaml", text).entities.length > 0);
  expect(holding.length).toBeGreaterThan(5);
  expect(holding.filter((text) => !may(text))).toEqual([]);
});

test("never false where the core finds an entity: generated files, in every way that YAML has to write a key", () => {
  const random = seededRandom(7);
  const heads = ["", "", "\ufeff", "---\n", "%YAML 1.2\n---\n", "a: 1\n", "# secret\n", "x: |\n  text\n", "pipeline:\n  identifier: p\n---\n", "--- ", "? ", "{", "- ", "  ", "\t", "\u00a0", "é: 1\n", "...\n"];
  const properties = ["", "", "", "&a ", "!t ", "!!str ", "&a !t ", "\u200b", "*x "];
  const quotes = ["", "", '"', "'", "`", "\u201c"];
  const keys = ["connector", "secret", "connector", "secret", "secrets", "Connector", "sec\\u0072et", "con\nnector", "connector2", "con\u0301nector"];
  const gaps = ["", "", " ", "\t", "  \t ", "\u00a0", " # c", "\r"];
  const values = ["\n  ", "\r\n  ", "\n\t", " {", " &b\n  ", " !t\n  ", " # comment\n  ", "{", "\n- ", " |\n  ", "\n    "];
  const bodies = ["identifier: a\n  type: AzureKeyVault\n", "type: SecretText\n  identifier: a\n", "identifier: a, type: Vault}}\n", '"identifier": "a", "type": "SecretText"}}', "identifier: a\r\n  type: SSHKey\r\n", "identifier: a\n    type: SecretFile\n"];
  let found = 0;
  for (let round = 0; round < 60_000; round++) {
    const quote = random.pick(quotes);
    const text = `${random.pick(heads)}${random.pick(properties)}${quote}${random.pick(keys)}${random.chance(0.9) ? quote : ""}${random.pick(gaps)}:${random.pick(values)}${random.pick(bodies)}`;
    if (analyze("file:///a.yaml", text).entities.length === 0) continue;
    found++;
    expect(may(text) ? "" : text).toBe("");
  }
  expect(found).toBeGreaterThan(1000);
});

test("fileEntities reads what one file defines, and says why where it cannot", async () => {
  const filler = `# ${"x".repeat(98)}\n`.repeat(45_000);
  const folder = await tempFolder({
    "kv.yaml": connectorText(),
    "two.yaml": `${connectorText("a")}---\n${connectorText("b")}`,
    "none.yaml": "a: \ud800b\n",
    "latin1-none.yaml": Buffer.from("a: ä\n", "latin1"),
    "latin1.yaml": Buffer.from(`${connectorText()}# ä\n`, "latin1"),
    "utf16.yaml": Buffer.from(`\ufeff${connectorText()}`, "utf16le"),
    "long.yaml": `${connectorText()}${filler}`,
    "long-none.yaml": filler,
  });
  const read = async (name: string): Promise<unknown> => {
    const answer = await fileEntities(nodeFiles, join(folder, name), `file:///${name}`);
    return answer.ok ? answer.entities.map(({ identifier, origin }) => `${identifier} ${origin.uri}`) : answer.problem;
  };
  expect(await read("kv.yaml")).toEqual(["kv file:///kv.yaml"]);
  expect(await read("two.yaml")).toEqual(["a file:///two.yaml", "b file:///two.yaml"]);
  expect(await read("none.yaml")).toEqual([]);
  expect(await read("latin1-none.yaml")).toEqual([]);
  expect(await read("latin1.yaml")).toBe("invalid-utf-8");
  expect(await read("utf16.yaml")).toBe("utf-16");
  expect(await read("long.yaml")).toBe("too-long");
  expect(await read("long-none.yaml")).toEqual([]);
  expect(await read("gone.yaml")).toBe("not-found");
  expect(await read(".")).toBe("not-a-file");
});

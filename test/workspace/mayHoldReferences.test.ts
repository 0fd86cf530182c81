import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyze, referenceUses } from "../../server/src/core/index.ts";
import { mayHoldReferences } from "../../server/src/workspace/mayHoldReferences.ts";
import { demoFolder } from "../core/demoWorkspace.ts";
import { seededRandom } from "../core/seededRandom.ts";

function may(text: string): boolean {
  return mayHoldReferences(Buffer.from(text));
}

test.each(["", "a: 1\n", "apiVersion: v1\nkind: ConfigMap\n", "services:\n  web:\n    image: nginx\n"])("a file that is never decoded: %j", (text) => {
  expect(may(text)).toBe(false);
});

test("what is no UTF-8 text cannot be searched, and may hold anything; a part of a buffer is searched alone", () => {
  expect(mayHoldReferences(Buffer.from("a: <+x>", "utf16le"))).toBe(true);
  expect(mayHoldReferences(new Uint8Array(Buffer.from("a: 1 # secret")).subarray(0, 6))).toBe(false);
});

test("never false where the core finds a use: the demo's files", () => {
  const paths = readdirSync(demoFolder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));
  const holding = paths.map((path) => readFileSync(join(demoFolder, path), "utf8")).filter((text) => referenceUses(analyze("file:///a.yaml", text)).length > 0);
  expect(holding.length).toBeGreaterThan(3);
  expect(holding.filter((text) => !may(text))).toEqual([]);
});

test("never false where the core finds a use: generated files of every kind", () => {
  const random = seededRandom(11);
  const kinds = ["pipeline", "connector", "secret", "template", "service", "inputSet", "environment", "overrides"];
  const heads = ["identifier: a", "name: a", "orgIdentifier: o", '"projectIdentifier": p', "versionLabel: v1", "x: <+input>", "version: 1"];
  const bodies = ["variables:\n    - {name: a, type: Secret, value: db}", "spec:\n    passwordRef: account.db", "spec:\n    secretKey: db", "tokenRef: org.db", 'x: <+secrets.getValue("db")>', 'x: <+ secrets.getValue("db")>', "secretFiles:\n    - db", "type: DockerRegistry\n  spec:\n    auth:\n      spec:\n        passwordRef: db"];
  let found = 0;
  for (let round = 0; round < 3_000; round++) {
    const text = `${random.pick(["", "version: 1\n", "# x\n"])}${random.pick(kinds)}:\n  ${random.pick(heads)}\n  ${random.pick(bodies)}\n`;
    if (referenceUses(analyze("file:///a.yaml", text)).length === 0) continue;
    found += 1;
    expect(may(text) ? "" : text).toBe("");
  }
  expect(found).toBeGreaterThan(300);
});

test("never false where the core finds a use: parts of entities, and what is no part of any", () => {
  const random = seededRandom(12);
  const parts = ["stage", "- step", "stepGroup", "- stageOverrides", "customVariables", "variables", "configFiles", "manifests", "connectionStrings", "applicationSettings", "workspace", "terraform_variables"];
  const bodies = [
    "- {name: a, type: Secret, value: db}",
    "variables: [{name: a, type: Secret, value: db}]",
    "- configFile: {spec: {store: {type: Harness, spec: {secretFiles: [account.db]}}}}",
    "- manifest: {spec: {credentialsRef: db, store: {type: Harness}}}",
    "store: {type: Harness, installationKeyRef: db}",
    "identifier: w\n    terraform_variables: [{key: a, value_type: secret, value: db}]",
    "- {key: a, value_type: secret, value: db}\nidentifier: w",
    "- {type: Harness, credentialsRef: db, name: a}",
    "type: Run\n    spec: {credentialsRef: db, x: <+input>}",
    "template: {templateInputs: {credentialsRef: db}}",
  ];
  let found = 0;
  for (let round = 0; round < 3_000; round++) {
    const text = `${random.pick(parts)}:\n    ${random.pick(bodies)}\n`;
    if (referenceUses(analyze("file:///a.yaml", text)).length === 0) continue;
    found += 1;
    expect(may(text) ? "" : text).toBe("");
  }
  expect(found).toBeGreaterThan(300);
});

import { expect, test } from "vitest";
import { checkJson, cliRun } from "../support/cliRun.ts";
import { tempFolder } from "../support/tempFolder.ts";

async function found(folder: string, ...words: string[]): Promise<readonly string[]> {
  const { report } = await checkJson(folder, ["--offline", ...words]);
  return report.findings.map(({ file, range, rule, severity }) => `${file}:${String(range.start.line + 1)} ${rule} ${severity}`);
}

const files = {
  "keyline.jsonc": "{}",
  "chart/Chart.yaml": "apiVersion: v2\nname: app # <+env.name>\n",
  "chart/prod.yaml": 'a: 1 # <+env.name>\n# <+secrets.getValue("x")>\n',
  "chart/templates/secret.yaml": 'a: 1 # <+env.name>\n# <+secrets.getValue("x")>\n',
  "chart/pipeline.yaml": "pipeline: # <+env.name>\n  identifier: p\n",
  "k8s/kustomization.yaml": "patches:\n  - path: ../patches/p.yaml\n",
  "patches/p.yaml": "a: 1 # <+env.name>\n",
  "patches/q.yaml": "a: 1 # <+env.name>\n",
};

const chart = ["chart/prod.yaml:1 expression-in-comment warning", "chart/prod.yaml:2 expression-in-comment warning"];
const template = "chart/templates/secret.yaml:2 expression-in-comment info";
const patch = "patches/p.yaml:1 expression-in-comment warning";

test("comments are judged by what lies around a file: a chart, a kustomization", async () => {
  const folder = await tempFolder(files);
  expect(await found(folder)).toEqual([...chart, template, patch]);
});

test("a file that is named alone is judged in the same way", async () => {
  const folder = await tempFolder(files);
  expect(await found(folder, "chart/prod.yaml")).toEqual(chart);
  expect(await found(folder, "patches/p.yaml", "chart/templates")).toEqual([patch, template]);
  const { out } = await cliRun(folder, ["references", "chart/prod.yaml"]);
  expect(JSON.parse(out)).toMatchObject({ references: [{ file: "chart/prod.yaml", identifier: "x" }] });
});

test("the files around are looked for by themselves, whatever exclude says", async () => {
  const folder = await tempFolder({ ...files, "keyline.jsonc": '{ "exclude": ["**/Chart.yaml", "k8s", "chart/templates"] }' });
  expect(await found(folder)).toEqual([...chart, patch]);
});

import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/nodeFiles.ts";
import { FileRoles, patchPaths } from "../../server/src/workspace/fileRoles.ts";
import { readFolderRoles } from "../../server/src/workspace/folderRoles.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { WorkspaceFolder } from "../../server/src/workspace/workspaceFolder.ts";
import { tempFolder, writeFiles } from "../support/tempFolder.ts";

const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [deployment.yaml]
patches:
  - path: patches/replicas.yaml
    target: { kind: Deployment }
  - path: "../shared/common.yml"
  - patch: |-
      - op: replace
        path: /spec/replicas
patchesStrategicMerge:
  - ./memory.yaml
  - |-
    apiVersion: apps/v1
    kind: Deployment
patchesJson6902:
  - { target: { kind: Ingress }, path: ingress.yaml }
`;

test("a kustomization names its patches by paths below its own folder", () => {
  expect(patchPaths("deploy/prod/kustomization.yaml", kustomization)).toEqual(["deploy/prod/patches/replicas.yaml", "deploy/shared/common.yml", "deploy/prod/memory.yaml", "deploy/prod/ingress.yaml"]);
  expect(patchPaths("kustomization.yaml", "patches:\n  - a.yaml\n")).toEqual(["a.yaml"]);
});

test.each([
  ["what leaves the root", "patches: [{ path: ../../a.yaml }, { path: .. }]\n"],
  ["absolute paths", "patches: [{ path: /etc/a.yaml }]\n"],
  ["what is no YAML file", "patches: [{ path: patches }, { path: a.json }, { path: '' }, {}, null, [x.yaml]]\n"],
  ["a path that is none", `patches: [{ path: ${"a".repeat(2000)}.yaml }]\n`],
  ["resources", "resources: [a.yaml]\n"],
  ["what is no list", "patches: { a: { target: b } }\npatchesStrategicMerge: *a\n"],
  ["nothing", ""],
])("no patch: %s", (_what, text) => {
  expect(patchPaths("deploy/kustomization.yaml", text)).toEqual([]);
});

test("files beside a Chart.yaml are rendered, but not the chart's own, nor those below", () => {
  const roles = new FileRoles();
  roles.putChart("charts/app/Chart.yaml");
  const rendered = (path: string): boolean => roles.of(path).rendered === true;
  expect(["charts/app/prod.yaml", "charts/app/dev.yml"].map(rendered)).toEqual([true, true]);
  expect(["charts/app/Chart.yaml", "charts/app/requirements.yaml", "charts/app/templates/deployment.yaml", "charts/prod.yaml", "prod.yaml"].map(rendered)).toEqual([false, false, false, false, false]);
  roles.putChart("Chart.yaml");
  expect(rendered("prod.yaml")).toBe(true);
  roles.forget("Chart.yaml");
  roles.forgetBelow("charts");
  expect(["prod.yaml", "charts/app/prod.yaml"].map(rendered)).toEqual([false, false]);
});

test("a patch is one as long as one kustomization names it", () => {
  const roles = new FileRoles();
  roles.putKustomization("a/kustomization.yaml", "patches: [{ path: ../p.yaml }]");
  roles.putKustomization("b/kustomization.yml", "patches: [{ path: ../p.yaml }, { path: q.yaml }]");
  const rendered = (path: string): boolean => roles.of(path).rendered === true;
  expect(["p.yaml", "b/q.yaml", "q.yaml"].map(rendered)).toEqual([true, true, false]);
  roles.putKustomization("b/kustomization.yml", "patches: []");
  expect(["p.yaml", "b/q.yaml"].map(rendered)).toEqual([true, false]);
  roles.forget("a/kustomization.yaml");
  expect(rendered("p.yaml")).toBe(false);
});

test("nothing outside the folder is read, and what is skipped tells nothing", async () => {
  const outside = await tempFolder({ "kustomization.yaml": "patches: [{ path: p.yaml }]", "Chart.yaml": "" });
  const folder = await tempFolder({ "p.yaml": "", "node_modules/x/Chart.yaml": "", "b/kustomization.yaml": "patches: [{ path: ../p.yaml }]" });
  await symlink(join(outside, "kustomization.yaml"), join(folder, "kustomization.yaml"));
  await symlink(join(outside, "Chart.yaml"), join(folder, "Chart.yaml"));
  const read: string[] = [];
  const roles = await readFolderRoles({ ...nodeFiles, read: async (path, max) => (read.push(path), nodeFiles.read(path, max)) }, folder);
  expect(read).toEqual([join(folder, "b/kustomization.yaml")]);
  expect(roles.of("p.yaml")).toEqual({ rendered: true });
  expect([roles.of("q.yaml"), roles.of("node_modules/x/q.yaml")]).toEqual([{}, {}]);
});

let workspaceFolder: WorkspaceFolder | undefined;
afterEach(() => {
  workspaceFolder?.dispose();
  workspaceFolder = undefined;
});

test("a workspace folder knows roles once it is read, also by files that keyline.jsonc leaves out, and follows their changes", async () => {
  const path = await tempFolder({ "keyline.jsonc": '{ "exclude": ["**/Chart.yaml", "k"] }', "app/Chart.yaml": "", "app/prod.yaml": "", "k/kustomization.yaml": "patches: [{ path: p.yaml }]" });
  const folder = new WorkspaceFolder({ path, uri: fileUri(path), files: nodeFiles, onDidChange: () => undefined });
  workspaceFolder = folder;
  const rendered = (): readonly boolean[] => ["app/prod.yaml", "k/p.yaml", "k/q.yaml"].map((key) => folder.roleOf(key).rendered === true);
  const changed = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) folder.fileChanged(join(path, name));
    await folder.settled();
  };
  await changed("app/Chart.yaml");
  expect(rendered()).toEqual([false, false, false]);
  folder.start();
  await folder.settled();
  expect(rendered()).toEqual([true, true, false]);
  await writeFiles(path, { "k/kustomization.yaml": "patches: [{ path: q.yaml }]" });
  await rm(join(path, "app/Chart.yaml"));
  await changed("k/kustomization.yaml", "app/Chart.yaml");
  expect(rendered()).toEqual([false, false, true]);
  await rm(join(path, "k"), { recursive: true });
  await changed("k");
  expect(rendered()).toEqual([false, false, false]);
  await writeFiles(path, { "app/Chart.yaml": "" });
  await changed("app/Chart.yaml");
  expect(rendered()).toEqual([true, false, false]);
});

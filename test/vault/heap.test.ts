import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalAzure } from "../azure/localAzure.ts";
import type { LocalAzure } from "../azure/localAzure.ts";
import { demo, seedDemo } from "../azure/seed.ts";
import type { HeapQuestion } from "./heapProbe.ts";

const value = "canary-of-the-heap-7d5a4d7b8e21";
const control = "control-of-the-heap-4f1c9be0";
let folder: string;
let azure: LocalAzure;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyline-heap-"));
  await build({ entryPoints: [new URL("heapProbe.ts", import.meta.url).pathname], outfile: join(folder, "probe.js"), bundle: true, platform: "node", format: "cjs", target: "node22", mainFields: ["module", "main"], logLevel: "silent" });
  azure = await startLocalAzure();
  seedDemo(azure);
});

afterAll(async () => {
  await azure.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("T24: a second after values were read, written, refused and lost on the way, the heap holds no copy more than without a vault", async () => {
  azure.fault({ host: /vault/, method: "PUT", path: /heap-refused/, status: 403, body: {}, authorized: true });
  azure.fault({ host: /vault/, method: "PUT", path: /heap-reset/, reset: true, authorized: true });
  const [real, stubbed] = await Promise.all([run(true), run(false)]);
  expect(real.outcomes).toEqual(["written", "written", "forbidden", "unreachable", "cancelled", true, value.length, true]);
  expect(stubbed.outcomes).toEqual([]);
  for (const { controls } of [real, stubbed]) expect(controls).toBeGreaterThanOrEqual(1);
  expect(real.copies).toBeLessThanOrEqual(stubbed.copies);
}, 20_000);

interface Run {
  readonly outcomes: readonly unknown[];
  readonly copies: number;
  readonly controls: number;
}

async function run(real: boolean): Promise<Run> {
  const snapshot = join(folder, `${String(real)}.heapsnapshot`);
  const question: HeapQuestion = {
    vault: { name: demo.devVault, cloud: "public", tenant: demo.tenant },
    nowhere: { name: "no-such-vault", cloud: "public" },
    value: Buffer.from(value).toString("base64"),
    control: Buffer.from(control).toString("base64"),
    real,
    snapshot,
  };
  const credential = { AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret };
  const env = { PATH: process.env["PATH"] ?? "", ...azure.env(), ...credential, HEAP_QUESTION: JSON.stringify(question) };
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, ["--expose-gc", join(folder, "probe.js")], { env }, (error, out, stderr) => {
      if (error === null) resolve(out);
      else reject(new Error(`The probe failed: ${error.message}\n${stderr}`));
    });
  });
  const strings = stringsIn(readFileSync(snapshot, "utf8"));
  const count = (text: string): number => strings.filter((one) => one.includes(text)).length;
  return { outcomes: (JSON.parse(stdout) as Pick<Run, "outcomes">).outcomes, copies: count(value), controls: count(control) };
}

/** Every string that a heap snapshot holds, as often as it is held. */
function stringsIn(text: string): readonly string[] {
  const { snapshot, nodes, strings } = JSON.parse(text) as {
    readonly snapshot: { readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly (readonly string[])[] } };
    readonly nodes: readonly number[];
    readonly strings: readonly string[];
  };
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const found: string[] = [];
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (types[0]?.[nodes[at] ?? 0]?.includes("string") === true) found.push(strings[nodes[at + 1] ?? 0] ?? "");
  }
  return found;
}

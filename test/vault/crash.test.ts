import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalAzure } from "../azure/localAzure.ts";
import type { LocalAzure } from "../azure/localAzure.ts";
import { demo, seedDemo } from "../azure/seed.ts";
import type { CrashQuestion } from "./crashProbe.ts";

const value = "canary-of-the-crash-51c0f7aa";
let folder: string;
let azure: LocalAzure;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keyline-crash-"));
  await build({ entryPoints: [new URL("crashProbe.ts", import.meta.url).pathname], outfile: join(folder, "probe.js"), bundle: true, platform: "node", format: "cjs", target: "node22", mainFields: ["module", "main"], logLevel: "silent" });
  azure = await startLocalAzure();
  seedDemo(azure);
});

afterAll(async () => {
  await azure.stop();
  rmSync(folder, { recursive: true, force: true });
});

// What the system itself writes of a killed process, a core file, is not ours to prevent.
test.each(["SIGKILL", "SIGTERM"] as const)("T25: a process that ends by %s while a value is on its way leaves it in no file and says nothing of it", async (signal) => {
  azure.clearRequests();
  azure.fault({ host: /vault/, method: "PUT", path: /crash-token/, stallHeaders: true, authorized: true });
  const question: CrashQuestion = { vault: { name: demo.devVault, cloud: "public", tenant: demo.tenant }, value: Buffer.from(value).toString("base64") };
  const work = mkdtempSync(join(folder, "work-"));
  const env = { PATH: process.env["PATH"] ?? "", ...azure.env(), AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret, TMPDIR: work, CRASH_QUESTION: JSON.stringify(question) };
  const child = spawn(process.execPath, [join(folder, "probe.js")], { cwd: work, env });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => said.push(piece));
  const ended = new Promise((resolve) => child.on("close", resolve));
  await expect.poll(() => azure.requests.some(({ method, bodyBytes }) => method === "PUT" && bodyBytes > value.length), { timeout: 10_000 }).toBe(true);
  child.kill(signal);
  await ended;
  expect(Buffer.concat(said).toString()).not.toContain(value);
  for (const name of readdirSync(work, { recursive: true, encoding: "utf8" })) expect(readFileSync(join(work, name)).includes(value)).toBe(false);
  expect(readdirSync(work).filter((name) => /^report\.|\.heapsnapshot$/.test(name))).toEqual([]);
}, 20_000);

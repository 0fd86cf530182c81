/** A program that handles secrets' values and then writes what its heap holds; `heap.test.ts` bundles and runs it. */
import { writeHeapSnapshot } from "node:v8";
import { createAzureVaultApi } from "../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultWriteApi } from "../../server/src/vault/azure/azureVaultWriteApi.ts";
import { environmentSource } from "../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import { silentLog } from "../../server/src/host/log.ts";
import type { VaultWriteApi } from "../../server/src/vault/vaultWriteApi.ts";

export interface HeapQuestion {
  readonly vault: { readonly name: string; readonly cloud: "public"; readonly tenant: string };
  /** One that does not exist. */
  readonly nowhere: { readonly name: string; readonly cloud: "public" };
  /** In base64, so that the heap holds it only where it was handled. */
  readonly value: string;
  readonly control: string;
  /** Whether the values go to the vault, or nowhere. */
  readonly real: boolean;
  readonly snapshot: string;
}

const shared = { tokens: createTokenBroker({ source: environmentSource(process.env), clock: systemClock, log: silentLog }), clock: systemClock, log: silentLog };
const api = createAzureVaultApi(shared);
const writes = createVaultWriteApi(shared);
const question = JSON.parse(process.env["HEAP_QUESTION"] ?? "{}") as HeapQuestion;
const { signal: never } = new AbortController();
const kept = { control: decoded(question.control) };
const outcomes: unknown[] = [];
const alive = setInterval(() => undefined, 2 ** 30);

void handle().then(async () => {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  for (let count = 0; count < 2; count++) globalThis.gc?.();
  writeHeapSnapshot(question.snapshot);
  process.stdout.write(JSON.stringify({ outcomes, controlLength: kept.control.length }), () => process.exit(0));
  clearInterval(alive);
});

async function handle(): Promise<void> {
  const { vault, nowhere } = question;
  const set = async (name: string, expected: string, to: Parameters<VaultWriteApi["set"]>[0] = vault, signal = never): Promise<string> => {
    const version = { value: decoded(question.value), enabled: true };
    if (!question.real) return version.value.slice(0, 0);
    const outcome = await writes.set(to, name, version, expected, "run-1", signal);
    outcomes.push(outcome.ok ? outcome.value.kind : (outcome.cause ?? outcome.reason));
    return outcome.ok && outcome.value.kind === "written" ? outcome.value.version : "none";
  };
  const made = await set("heap-one", "none");
  const rotated = await set("heap-one", made);
  // The test lets these two fail: the vault refuses the one, and the other's answer never comes.
  await set("heap-refused", "none");
  await set("heap-reset", "none");
  // Its host has no name, and the person does not wait for the last try.
  await set("heap-one", "none", nowhere, AbortSignal.timeout(500));
  if (!question.real) return;
  let length = 0;
  const read = await writes.useValue(vault, "heap-one", rotated, (value) => Promise.resolve(void (length = value.length)), never);
  const shape = await api.jsonShape(vault, "heap-one", undefined, never);
  outcomes.push(read.ok, length, shape.ok);
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

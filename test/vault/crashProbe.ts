/** A program that dies while a secret's value is on its way; `crash.test.ts` bundles it, runs it and kills it. */
import { createVaultWriteApi } from "../../server/src/vault/azure/azureVaultWriteApi.ts";
import { environmentSource } from "../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import { silentLog } from "../../server/src/host/log.ts";

export interface CrashQuestion {
  readonly vault: { readonly name: string; readonly cloud: "public"; readonly tenant: string };
  /** In base64, so that nothing but the write holds it as it is. */
  readonly value: string;
}

const { vault, value } = JSON.parse(process.env["CRASH_QUESTION"] ?? "{}") as CrashQuestion;
const writes = createVaultWriteApi({ tokens: createTokenBroker({ source: environmentSource(process.env), clock: systemClock, log: silentLog }), clock: systemClock, log: silentLog });
void writes.set(vault, "crash-token", { value: Buffer.from(value, "base64").toString(), enabled: true }, "none", "run-1", new AbortController().signal);

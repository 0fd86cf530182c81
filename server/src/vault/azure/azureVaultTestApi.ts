import { AsyncLocalStorage } from "node:async_hooks";
import type { SecretProperties } from "@azure/keyvault-secrets";
import type { VaultTarget } from "../../core/model/vaultTarget.ts";
import type { Outcome } from "../vaultApi.ts";
import type { LeftOver, ReadTest, VaultTestApi, WriteTest } from "../vaultTestApi.ts";
import { isTestSecretName } from "../vaultTestApi.ts";
import type { AzureVaultApiOptions } from "./azureVaultApi.ts";
import { vaultPageSize } from "./azureVaultApi.ts";
import { untilAborted } from "./deadline.ts";
import { freshLines } from "./freshLines.ts";
import type { FreshLine } from "./freshLines.ts";
import { GuardedCalls } from "./guardedCalls.ts";
import type { Operation } from "./guardedCalls.ts";
import type { Attempt } from "./guardedHttpClient.ts";
import { deletedPropertiesOf, unstoppable, versionsOf, warmUp } from "./secretWrites.ts";
import type { TestSecret } from "./testSecret.ts";
import { purgeTestSecret, removeTestSecret, runOfTestSecret, tell, writeTestSecret } from "./testSecret.ts";
import type { VaultClient } from "./vaultConnection.ts";
import { faultOf, ownFault } from "./vaultFault.ts";

const refused = { ok: false, reason: "service-error", cause: "service-error" } as const;
const runPattern = /^[0-9A-Za-z-]{1,64}$/;

/** Test Connection through Azure's SDK, each test on a client of its own. */
export function createVaultTestApi(options: AzureVaultApiOptions): VaultTestApi {
  const { clock } = options;
  const attempts = new AsyncLocalStorage<Attempt>();
  const calls = new GuardedCalls({ ...options, attempts });
  const lines = freshLines(options, attempts);

  const operate = async <T>(what: string, vault: VaultTarget, signal: AbortSignal, work: (operation: Operation<VaultClient>, line: FreshLine) => Promise<T>): Promise<Outcome<T>> => {
    const line = lines(vault);
    return line === undefined ? { ok: false, reason: "bad-vault-name" } : calls.operate(what, line, signal, (operation) => work(operation, line));
  };

  return {
    read: (vault, signal) => operate("readTest", vault, signal, (operation, line) => readTest(calls, operation, line)),
    write: async (vault, run, onStep, signal) => {
      if (!isTestSecretName(run.name) || !runPattern.test(run.id)) return refused;
      return operate("writeTest", vault, signal, async (operation) => {
        await warmUp({ calls, operation });
        await untilAborted(Promise.resolve(), signal);
        const secret: TestSecret = { name: run.name, run: run.id, calls, operation: unstoppable(operation), clock, onStep };
        return writeTest(secret, signal);
      });
    },
    leftOvers: (vault, signal) => operate("leftOvers", vault, signal, (operation) => leftOvers(calls, operation)),
    remove: async (vault, leftOver, signal) => {
      if (!isTestSecretName(leftOver.name)) return refused;
      return operate("removeTestSecret", vault, signal, async (operation) => {
        const secret: TestSecret = { name: leftOver.name, run: leftOver.run, calls, operation, clock, onStep: () => Promise.resolve() };
        return remove(secret);
      });
    },
  };
}

async function readTest(calls: GuardedCalls, operation: Operation<VaultClient>, line: FreshLine): Promise<ReadTest> {
  let secrets: readonly SecretProperties[] = [];
  // A page may be empty although another follows.
  for await (const page of calls.pages(operation, "/secrets", vaultPageSize, (client) => client.secrets.listPropertiesOfSecrets())) {
    secrets = page;
    if (secrets.length > 0) break;
  }
  const tenant = line.tenant();
  if (tenant === undefined) throw ownFault("NoTenant");
  const level = secrets.find((secret) => typeof secret.recoveryLevel === "string")?.recoveryLevel;
  return { tenant, holdsSecrets: secrets.length > 0, ...(level === undefined ? {} : { purgeProtected: !level.includes("Purgeable") }) };
}

/** From the first step on nothing stops it: what is written is to be removed again. */
async function writeTest(secret: TestSecret, signal: AbortSignal): Promise<WriteTest> {
  try {
    await secret.onStep("write");
  } catch {
    // Without a trace of it, a crash would leave a secret that nobody knows of.
    throw ownFault("StepNotTold");
  }
  if (signal.aborted) {
    await tell(secret, "done");
    await untilAborted(Promise.resolve(), signal);
  }
  const written = await writeTestSecret(secret);
  const write = written.refusal === undefined ? {} : { write: written.refusal };
  if (written.written === false) {
    await tell(secret, "done");
    return write;
  }
  await tell(secret, "delete");
  const cleanUp = await removeTestSecret(secret, written);
  if (cleanUp === undefined || cleanUp.cause === "purge-protection") await tell(secret, "done");
  return { ...write, ...(cleanUp === undefined ? {} : { cleanUp }) };
}

async function leftOvers(calls: GuardedCalls, operation: Operation<VaultClient>): Promise<readonly LeftOver[]> {
  const found: LeftOver[] = [];
  const add = (name: string, tags: SecretProperties["tags"], deleted: boolean): void => {
    const run = runOfTestSecret(name, tags);
    if (run !== undefined) found.push({ name, run, deleted });
  };
  for await (const page of calls.pages(operation, "/secrets", vaultPageSize, (client) => client.secrets.listPropertiesOfSecrets())) {
    for (const secret of page) add(secret.name, secret.tags, false);
  }
  try {
    for await (const page of calls.pages(operation, "/deletedsecrets", vaultPageSize, (client) => client.secrets.listDeletedSecrets())) {
      for (const secret of page) add(secret.name, secret.properties.tags, true);
    }
  } catch (error) {
    // Many may list secrets and not the deleted ones.
    if (faultOf(error).reason !== "forbidden") throw error;
  }
  return found;
}

/** Removes what a write test has made, by its tag as well: a name alone proves nothing. */
async function remove(secret: TestSecret): Promise<WriteTest> {
  const { name, operation } = secret;
  const versions = await versionsOf(secret);
  const own = versions.find((version) => runOfTestSecret(name, version.tags) !== undefined);
  if (versions.length > 0 && own === undefined) throw ownFault("NotOurs");
  const cleaning = { ...secret, operation: unstoppable(operation) };
  if (own !== undefined) return resultOf(await removeTestSecret(cleaning, { written: true, recoveryLevel: own.recoveryLevel }));
  const deleted = await deletedPropertiesOf(secret);
  if (deleted === undefined) return {};
  if (runOfTestSecret(name, deleted.tags) === undefined) throw ownFault("NotOurs");
  return resultOf(await purgeTestSecret(cleaning, deleted.recoveryLevel));
}

function resultOf(cleanUp: WriteTest["cleanUp"]): WriteTest {
  return cleanUp === undefined ? {} : { cleanUp };
}

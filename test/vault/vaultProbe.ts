/** A program that asks vaults through the adapter as it ships; `adapterEndToEnd.test.ts` bundles and runs it. */
import { createResourceManagerApi } from "../../server/src/vault/azure/azureResourceManagerApi.ts";
import { createAzureVaultApi } from "../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultTestApi } from "../../server/src/vault/azure/azureVaultTestApi.ts";
import { createVaultWriteApi } from "../../server/src/vault/azure/azureVaultWriteApi.ts";
import { azureCliSource, environmentSource } from "../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import type { Log } from "../../server/src/host/log.ts";
import type { Outcome, VaultApi } from "../../server/src/vault/vaultApi.ts";

/** One question; all are asked at once. */
export interface Question {
  readonly ask: "list" | "versions" | "deleted" | "json" | "readTest" | "writeTest" | "life" | "leftOvers" | "remove" | "subscriptions" | "vaults" | "nameFree";
  readonly vault: { readonly name: string; readonly cloud: "public" | "usgov" | "china"; readonly tenant?: string };
  readonly name?: string;
  readonly version?: string;
  readonly subscription?: string;
  readonly value?: string;
}

const log: Log = { debug: write, info: write, warn: write, error: write };
const source = process.env["PROBE_CREDENTIAL"] === "azure-cli" ? azureCliSource() : environmentSource(process.env);
const shared = { tokens: createTokenBroker({ source, clock: systemClock, log }), clock: systemClock, log };
const api = createAzureVaultApi(shared);
const tests = createVaultTestApi(shared);
const writes = createVaultWriteApi(shared);
const resourceManager = createResourceManagerApi(shared);
// The adapter's waits between tries hold no socket and do not keep a process alive; whoever asks does.
setInterval(() => undefined, 2 ** 30);
const questions = JSON.parse(process.env["PROBE_QUESTIONS"] ?? "[]") as readonly Question[];
void Promise.all(questions.map((question) => put(api, question))).then((outcomes) => {
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
});

function put(vaults: VaultApi, question: Question): Promise<Outcome<unknown>> {
  const { signal } = new AbortController();
  const { vault, name = "", version, subscription = "" } = question;
  const login = { cloud: vault.cloud, tenant: vault.tenant ?? "", credential: { kind: "environment" } } as const;
  switch (question.ask) {
    case "list":
      return vaults.listSecrets(vault, () => undefined, signal);
    case "versions":
      return vaults.listVersions(vault, name, signal);
    case "deleted":
      return vaults.deletedSecret(vault, name, signal);
    case "json":
      return vaults.jsonShape(vault, name, version, signal);
    case "readTest":
      return tests.read(vault, signal);
    case "writeTest":
      return tests.write(vault, { id: "run-1", name }, () => Promise.resolve(), signal);
    case "life":
      return life(vault, name, question.value ?? "");
    case "leftOvers":
      return tests.leftOvers(vault, signal);
    case "remove":
      return tests.remove(vault, { name, run: "run-1", deleted: false }, signal);
    case "subscriptions":
      return resourceManager.listSubscriptions(login, signal);
    case "vaults":
      return resourceManager.listVaults(login, subscription, () => undefined, signal);
    case "nameFree":
      return resourceManager.isVaultNameFree(login, subscription, name, signal);
  }
}

/** What a secret goes through from its creation to its purge: how each step ended, and how long its value was. */
async function life(vault: Question["vault"], name: string, value: string): Promise<Outcome<unknown>> {
  const { signal } = new AbortController();
  const ends: unknown[] = [];
  const note = (outcome: Outcome<{ readonly kind: string } | undefined>): void => {
    ends.push(outcome.ok ? outcome.value?.kind : outcome.reason);
  };
  const made = await writes.set(vault, name, { value, enabled: true }, "none", "run-1", signal);
  note(made);
  const version = made.ok && made.value.kind === "written" ? made.value.version : "";
  note(await writes.update(vault, name, version, { expires: Date.UTC(2040, 0, 1), tags: [["team", "shop"]] }, signal));
  note(await writes.useValue(vault, name, version, (text) => Promise.resolve(void ends.push(text.length)), signal));
  for (const last of ["recover", "purge"] as const) {
    note(await writes.delete(vault, name, signal));
    note(await writes.waitDeleted(vault, name, signal));
    note(await writes[last](vault, name, signal));
  }
  return { ok: true, value: ends };
}

function write(message: string): void {
  process.stderr.write(`${message}\n`);
}

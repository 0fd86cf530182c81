/** A program that asks vaults through the adapter as it ships; `adapterEndToEnd.test.ts` bundles and runs it. */
import { createResourceManagerApi } from "../../server/src/vault/azure/azureResourceManagerApi.ts";
import { createAzureVaultApi } from "../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultTestApi } from "../../server/src/vault/azure/azureVaultTestApi.ts";
import { azureCliSource, environmentSource } from "../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import type { Log } from "../../server/src/host/log.ts";
import type { Outcome, VaultApi } from "../../server/src/vault/vaultApi.ts";

/** One question; all are asked at once. */
export interface Question {
  readonly ask: "list" | "versions" | "deleted" | "json" | "readTest" | "writeTest" | "leftOvers" | "remove" | "subscriptions" | "vaults" | "nameFree";
  readonly vault: { readonly name: string; readonly cloud: "public" | "usgov" | "china"; readonly tenant?: string };
  readonly name?: string;
  readonly version?: string;
  readonly subscription?: string;
}

const log: Log = { debug: write, info: write, warn: write, error: write };
const source = process.env["PROBE_CREDENTIAL"] === "azure-cli" ? azureCliSource() : environmentSource(process.env);
const shared = { tokens: createTokenBroker({ source, clock: systemClock, log }), clock: systemClock, log };
const api = createAzureVaultApi(shared);
const tests = createVaultTestApi(shared);
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

function write(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** A program that asks vaults through the adapter as it ships; `adapterEndToEnd.test.ts` bundles and runs it. */
import { createAzureVaultApi } from "../../server/src/vault/azure/azureVaultApi.ts";
import { azureCliSource, environmentSource } from "../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { systemClock } from "../../server/src/host/clock.ts";
import type { Log } from "../../server/src/host/log.ts";
import type { Outcome, VaultApi } from "../../server/src/vault/vaultApi.ts";

/** One question: `list`, `versions`, `deleted` or `json`, all at once. */
export interface Question {
  readonly ask: "list" | "versions" | "deleted" | "json";
  readonly vault: { readonly name: string; readonly cloud: "public" | "usgov" | "china"; readonly tenant?: string };
  readonly name?: string;
  readonly version?: string;
}

const log: Log = { debug: write, info: write, warn: write, error: write };
const source = process.env["PROBE_CREDENTIAL"] === "azure-cli" ? azureCliSource() : environmentSource(process.env);
const api = createAzureVaultApi({ tokens: createTokenBroker({ source, clock: systemClock, log }), clock: systemClock, log });
// The adapter's waits between tries hold no socket and do not keep a process alive; whoever asks does.
setInterval(() => undefined, 2 ** 30);
const questions = JSON.parse(process.env["PROBE_QUESTIONS"] ?? "[]") as readonly Question[];
void Promise.all(questions.map((question) => put(api, question))).then((outcomes) => {
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
});

function put(vaults: VaultApi, question: Question): Promise<Outcome<unknown>> {
  const { signal } = new AbortController();
  const { vault, name = "", version } = question;
  switch (question.ask) {
    case "list":
      return vaults.listSecrets(vault, () => undefined, signal);
    case "versions":
      return vaults.listVersions(vault, name, signal);
    case "deleted":
      return vaults.deletedSecret(vault, name, signal);
    case "json":
      return vaults.jsonShape(vault, name, version, signal);
  }
}

function write(message: string): void {
  process.stderr.write(`${message}\n`);
}

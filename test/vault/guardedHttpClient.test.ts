import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { withDeadline } from "../../server/src/vault/azure/deadline.ts";
import type { Attempt, Call } from "../../server/src/vault/azure/guardedHttpClient.ts";
import { createTokenBroker } from "../../server/src/vault/azure/tokenBroker.ts";
import { connectVault } from "../../server/src/vault/azure/vaultConnection.ts";
import type { VaultClient } from "../../server/src/vault/azure/vaultConnection.ts";
import { faultOf } from "../../server/src/vault/azure/vaultFault.ts";
import { vaultAddress } from "../../server/src/vault/vaultAddress.ts";
import type { VaultAddress } from "../../server/src/vault/vaultAddress.ts";
import { silentLog } from "../../server/src/host/log.ts";
import { memoryAzure, never, tenant, vault } from "./memoryAzure.ts";
import { challengeOf } from "./wireVault.ts";
import { ManualClock, quiet } from "./manualClock.ts";
import { createHttpHeaders } from "@azure/core-rest-pipeline";

/** A fresh client behind the gate, with nothing between the gate and the caller that would warm it up. */
async function bare(beforeSend: () => void = () => undefined, caller = never) {
  const clock = new ManualClock();
  const attempts = new AsyncLocalStorage<Attempt>();
  const sent: string[] = [];
  const connection = await connectVault({
    target: vault,
    address: vaultAddress(vault) as VaultAddress,
    tokens: createTokenBroker({ clock, log: silentLog, source: () => Promise.resolve({ token: "token-1" }) }),
    credential: undefined,
    clock,
    attempts,
    beforeSend: () => {
      beforeSend();
      return Promise.resolve();
    },
    httpClient: {
      sendRequest: (request) => {
        sent.push(`${request.method} ${request.url} ${typeof request.body}`);
        const challenge = request.headers.has("authorization") ? {} : { "www-authenticate": challengeOf(tenant) };
        return Promise.resolve({ request, status: request.headers.has("authorization") ? 200 : 401, headers: createHttpHeaders(challenge), bodyAsText: JSON.stringify({ value: [], id: "https://my-vault.vault.azure.net/secrets/a/0123456789abcdef0123456789abcdef" }) });
      },
    },
  });
  const send = (call: Call, work: (client: VaultClient, attempt: Attempt) => Promise<unknown>): Promise<string | undefined> =>
    clock
      .until(
        withDeadline(clock, 1000, caller, async (deadline) => {
          const attempt: Attempt = { call, deadline, sent: false, done: false, tunnelRefused: false, nextLink: undefined, fault: undefined, token: undefined };
          await attempts.run(attempt, () => work(connection.client, attempt));
        }),
      )
      .then(
        () => undefined,
        (error: unknown) => faultOf(error).code,
      );
  return { sent, send };
}

test("F3: the first request of a client cannot be a write, nor can a second one beside it", async () => {
  const { sent, send } = await bare();
  const write = (): Promise<string | undefined> => send({ method: "PUT", path: "/secrets/a" }, (client) => client.secrets.setSecret("a", "demo value"));
  expect(await Promise.all([write(), write(), write()])).toEqual(["UnverifiedWrite", "UnverifiedWrite", "UnverifiedWrite"]);
  expect(sent).toEqual([]);
});

test("F3: neither can a change that passes by the SDK, until a read has brought a token", async () => {
  const { sent, send } = await bare();
  const change = (): Promise<string | undefined> => send({ method: "PUT", path: "/secrets/a" }, (client, attempt) => client.send(attempt, { value: "demo value" }));
  expect(await Promise.all([change(), change()])).toEqual(["UnverifiedWrite", "UnverifiedWrite"]);
  expect(sent).toEqual([]);
  await send({ method: "GET", path: "/secrets" }, (client) => client.secrets.listPropertiesOfSecrets().byPage().next());
  expect(await change()).toBeUndefined();
  expect(sent.at(-1)).toBe("PUT https://my-vault.vault.azure.net/secrets/a?api-version=2026-04-01 string");
});

test("what is cancelled at the last moment before it is sent is not sent", async () => {
  const person = new AbortController();
  const { sent, send } = await bare(() => { person.abort(); }, person.signal);
  expect(await send({ method: "GET", path: "/secrets" }, (client) => client.secrets.listPropertiesOfSecrets().byPage().next())).toBe("Cancelled");
  await quiet();
  expect(sent).toEqual([]);
});

test.each<readonly [string, Call, (client: VaultClient) => Promise<unknown>]>([
  ["a write where a read was meant", { method: "GET", path: "/secrets/a" }, (client) => client.secrets.setSecret("a", "demo value")],
  ["a write to another secret", { method: "PUT", path: "/secrets/a" }, (client) => client.secrets.setSecret("b", "demo value")],
  ["a deletion where a write was meant", { method: "PUT", path: "/secrets/a" }, (client) => client.secrets.beginDeleteSecret("a")],
  ["a purge where a deletion was meant", { method: "DELETE", path: "/secrets/a" }, (client) => client.secrets.purgeDeletedSecret("a")],
  ["a backup", { method: "GET", path: "/secrets/a" }, (client) => client.secrets.backupSecret("a")],
])("%s is not sent", async (_what, call, work) => {
  const { sent, send } = await bare();
  expect(await send(call, work)).toBe("ForeignAddress");
  expect(sent).toEqual([]);
});

test("one try is one request: what the SDK's poller asks for after a deletion is not sent", async () => {
  const azure = memoryAzure();
  const run = { id: "run-1", name: "harness-test-0123456789abcdef" };
  await azure.clock.until(azure.tests.write(vault, run, () => Promise.resolve(), never));
  const deletion = azure.requests.findIndex((request) => request.method === "DELETE");
  expect(azure.requests.slice(deletion).map((request) => `${request.method} ${request.path}`)).toEqual([
    `DELETE /secrets/${run.name}`,
    `GET /deletedsecrets/${run.name}`,
    `DELETE /deletedsecrets/${run.name}`,
  ]);
});

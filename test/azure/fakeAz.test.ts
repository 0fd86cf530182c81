import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzureCliCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeFakeAz } from "./fakeAz.ts";
import type { FakeAzOptions } from "./fakeAz.ts";
import { startLocalAzure } from "./localAzure.ts";
import type { LocalAzure } from "./localAzure.ts";
import { demo, seedDemo } from "./seed.ts";
import { sendRaw } from "./sendRaw.ts";

const scope = "https://vault.azure.net/.default";
let azure: LocalAzure;
let folder: string;
beforeEach(async () => {
  azure = await startLocalAzure();
  seedDemo(azure);
  folder = mkdtempSync(join(tmpdir(), "keyline-az-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await azure.stop();
});

function install(options: Omit<FakeAzOptions, "azure">): string {
  const { env, callsPath } = writeFakeAz(folder, { azure, ...options });
  vi.stubEnv("PATH", env["PATH"]);
  return callsPath;
}

describe("the fake az", () => {
  test("gives the real AzureCliCredential a token that a vault takes, whatever it warns about", async () => {
    const callsPath = install({ signedIn: demo.userObjectId, warning: "You have 2 update(s) available." });
    const token = await new AzureCliCredential({ tenantId: demo.tenant }).getToken(scope);
    expect(token.expiresOnTimestamp - azure.now()).toBeGreaterThan(3_500_000);
    const answer = await sendRaw(azure, { url: `https://${demo.devVault}.vault.azure.net/secrets?api-version=7.6`, token: token.token });
    expect(answer.status).toBe(200);
    expect(readFileSync(callsPath, "utf8")).toBe(`account get-access-token --output json --resource https://vault.azure.net --tenant ${demo.tenant}\n`);
  });

  test("is signed out", async () => {
    install({});
    await expect(new AzureCliCredential().getToken(scope)).rejects.toThrow(/az login/);
  });

  test("is missing", async () => {
    install({ behaviour: "missing" });
    await expect(new AzureCliCredential().getToken(scope)).rejects.toThrow(/could not be found/);
  });

  test("does not know the tenant", async () => {
    install({ signedIn: demo.userObjectId });
    await expect(new AzureCliCredential({ tenantId: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6ffff" }).getToken(scope)).rejects.toThrow();
  });

  test("is slow, but answers", async () => {
    install({ signedIn: demo.userObjectId, delayMs: 100 });
    await expect(new AzureCliCredential().getToken(scope)).resolves.toMatchObject({ token: expect.any(String) });
  });

  test("hangs until it is killed", async () => {
    const callsPath = install({ signedIn: demo.userObjectId, behaviour: "hanging" });
    await expect(new AzureCliCredential({ processTimeoutInMs: 700 }).getToken(scope)).rejects.toThrow();
    expect(readFileSync(callsPath, "utf8").split("\n").length).toBe(2);
  });
});

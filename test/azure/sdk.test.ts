import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalAzure } from "./localAzure.ts";
import type { LocalAzure } from "./localAzure.ts";
import { routeThisProcess } from "./routeThisProcess.ts";
import { demo, demoFillerCount, demoVersions, seedDemo } from "./seed.ts";

/** A failure is to be seen at once. */
const once = { retryOptions: { maxRetries: 0 } };

let azure: LocalAzure;
let unroute: () => void;
beforeEach(async () => {
  azure = await startLocalAzure();
  seedDemo(azure);
  unroute = routeThisProcess(azure);
});
afterEach(async () => {
  unroute();
  await azure.stop();
});

function credential(secret: string = demo.clientSecret, tenant: string = demo.tenant): ClientSecretCredential {
  return new ClientSecretCredential(tenant, demo.clientId, secret, once);
}

function client(vault: string, suffix = "vault.azure.net"): SecretClient {
  return new SecretClient(`https://${vault}.${suffix}`, credential(), once);
}

describe("the real SDKs", () => {
  test("list, read versions and read a value", async () => {
    const vault = client(demo.devVault);
    const names: string[] = [];
    for await (const properties of vault.listPropertiesOfSecrets()) {
      names.push(properties.name);
    }
    expect(names.length).toBe(7 + demoFillerCount);
    expect(names).not.toContain("session-key");
    const versions: (string | undefined)[] = [];
    for await (const properties of vault.listPropertiesOfSecretVersions("db-password")) {
      versions.push(properties.version);
    }
    expect(versions.toSorted()).toEqual(demoVersions["db-password"]);
    expect(JSON.parse((await vault.getSecret("payment-config")).value ?? "")).toMatchObject({ endpoint: { host: "payments.example.com" } });
    expect(azure.requests.filter((request) => request.kind !== "answered")).toEqual([]);
  });

  test("set, update, delete, recover and purge", async () => {
    azure.addVault({ name: "work-kv", tenant: demo.tenant, subscription: demo.subscription });
    azure.grant("work-kv", demo.clientId, "Key Vault Secrets Officer");
    const vault = client("work-kv");
    const expiresOn = new Date("2030-01-01T00:00:00Z");
    const set = await vault.setSecret("key", "demo value", { expiresOn, contentType: "text/plain", tags: { a: "b" } });
    expect(set.properties).toMatchObject({ expiresOn, contentType: "text/plain", tags: { a: "b" }, recoverableDays: 90 });
    const updated = await vault.updateSecretProperties("key", set.properties.version ?? "", { enabled: false });
    expect(updated.enabled).toBe(false);
    await expect(vault.getSecret("key")).rejects.toMatchObject({ statusCode: 403, code: "Forbidden", details: { error: { innerError: { code: "SecretDisabled" } } } });
    await (await vault.beginDeleteSecret("key", { intervalInMs: 10 })).pollUntilDone();
    expect((await vault.getDeletedSecret("key")).scheduledPurgeDate).toBeInstanceOf(Date);
    await (await vault.beginRecoverDeletedSecret("key", { intervalInMs: 10 })).pollUntilDone();
    await (await vault.beginDeleteSecret("key", { intervalInMs: 10 })).pollUntilDone();
    await vault.purgeDeletedSecret("key");
    await expect(vault.getDeletedSecret("key")).rejects.toMatchObject({ statusCode: 404, code: "SecretNotFound" });
  });

  test("list subscriptions' vaults over several pages", async () => {
    for (let index = 1; index <= 4; index += 1) {
      azure.addVault({ name: `more-${String(index)}-kv`, tenant: demo.tenant, subscription: demo.subscription });
    }
    const management = new KeyVaultManagementClient(credential(), demo.subscription, once);
    const found: string[] = [];
    for await (const vault of management.vaults.listBySubscription({ top: 4 })) {
      found.push(`${vault.name ?? ""} ${vault.properties.vaultUri ?? ""} ${String(vault.properties.enableRbacAuthorization)}`);
    }
    expect(found.length).toBe(6);
    expect(found.slice(0, 2)).toEqual(["shop-dev-kv https://shop-dev-kv.vault.azure.net/ true", "shop-prod-kv https://shop-prod-kv.vault.azure.net/ false"]);
    const one = await management.vaults.get("rg-shop-prod", "shop-prod-kv");
    expect(one.properties).toMatchObject({ enablePurgeProtection: true, softDeleteRetentionInDays: 90, tenantId: demo.tenant });
  });

  test.each([
    ["usgov", "vault.usgovcloudapi.net", "https://login.microsoftonline.us"],
    ["china", "vault.azure.cn", "https://login.chinacloudapi.cn"],
  ] as const)("reach a vault of the cloud %s", async (cloud, suffix, authorityHost) => {
    azure.addVault({ name: "far-kv", cloud, tenant: demo.tenant, subscription: demo.subscription });
    azure.grant("far-kv", demo.clientId, "Key Vault Secrets Officer");
    azure.setSecret("far-kv", "key", { value: "demo value" });
    const far = new ClientSecretCredential(demo.tenant, demo.clientId, demo.clientSecret, { ...once, authorityHost });
    const vault = new SecretClient(`https://far-kv.${suffix}`, far, once);
    expect((await vault.getSecret("key")).value).toBe("demo value");
  });

  test.each([
    ["a wrong client secret", "wrong-secret-not-real", demo.tenant, "AADSTS7000215"],
    ["an unknown tenant", demo.clientSecret, "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6ffff", "AADSTS90002"],
  ])("are told about %s", async (_what, secret, tenant, code) => {
    await expect(credential(secret, tenant).getToken("https://vault.azure.net/.default")).rejects.toThrow(code);
  });

  test("are told about an unknown audience", async () => {
    await expect(credential().getToken("https://evil.example/.default")).rejects.toThrow("AADSTS500011");
  });

  test("meet the fault that puts a value into an error message", async () => {
    azure.fault({ path: /^\/secrets\/db-password/, authorized: true, truncateBody: 30 });
    await expect(client(demo.devVault).getSecret("db-password")).rejects.toThrow("demo value");
  });

  test("come here by the environment alone, and stopping leaves nothing behind", async () => {
    const program = `
      import { SecretClient } from "@azure/keyvault-secrets";
      import { ClientSecretCredential } from "@azure/identity";
      const [vault, tenant, id, secret] = process.argv.slice(1);
      const client = new SecretClient("https://" + vault + ".vault.azure.net", new ClientSecretCredential(tenant, id, secret));
      process.stdout.write((await client.getSecret("smtp-password")).properties.version);`;
    const args = ["--input-type=module", "-e", program, demo.prodVault, demo.tenant, demo.clientId, demo.clientSecret];
    const checkout = fileURLToPath(new URL("../..", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...azure.env() }, cwd: checkout });
    expect(stdout).toBe(demoVersions["smtp-password"][0]);
    await azure.stop();
    expect(existsSync(azure.proxy.caPemPath)).toBe(false);
  });
});

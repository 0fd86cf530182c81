import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalAzure } from "./localAzure.ts";
import type { LocalAzure } from "./localAzure.ts";
import { demo, demoVersions, seedDemo } from "./seed.ts";
import { sendRaw } from "./sendRaw.ts";
import type { RawAnswer } from "./sendRaw.ts";

const now = Date.UTC(2026, 5, 15, 12);
const hourSeconds = 3_600;
const daySeconds = 24 * hourSeconds;
let azure: LocalAzure;
beforeEach(async () => {
  azure = await startLocalAzure({ now: () => now });
  seedDemo(azure);
});
afterEach(() => azure.stop());

function ask(vault: string, path: string): Promise<RawAnswer> {
  return sendRaw(azure, { url: `https://${vault}.vault.azure.net${path}?api-version=7.6`, token: azure.tokenFor(demo.clientId, "https://vault.azure.net") });
}

describe("the demo's vaults", () => {
  test.each([demo.devVault, demo.prodVault])("%s holds every secret in the state that its name promises", async (vault) => {
    const seconds = now / 1000;
    expect((await ask(vault, `/secrets/db-password/${demoVersions["db-password"][1]}`)).status).toBe(200);
    expect((await ask(vault, "/secrets/db-password")).json).toMatchObject({ id: `https://${vault}.vault.azure.net/secrets/db-password/${demoVersions["db-password"][2]}` });
    expect((await ask(vault, "/secrets/smtp-password")).json).toMatchObject({ attributes: { exp: seconds - 30 * daySeconds } });
    expect((await ask(vault, "/secrets/signing-cert-passphrase")).json).toMatchObject({ attributes: { exp: seconds + 12 * daySeconds + hourSeconds } });
    expect((await ask(vault, "/secrets/legacy-api-key")).json).toMatchObject({ error: { innererror: { code: "SecretDisabled" } } });
    expect((await ask(vault, `/secrets/legacy-api-key/${demoVersions["legacy-api-key"][0]}`)).status).toBe(200);
    expect((await ask(vault, "/secrets/session-key")).status).toBe(404);
    expect((await ask(vault, "/deletedsecrets/session-key")).json).toMatchObject({ deletedDate: seconds - 4 * daySeconds });
    expect((await ask(vault, "/secrets/service-token-40")).status).toBe(200);
  });

  test("only dev holds the token that is not valid yet", async () => {
    expect((await ask(demo.devVault, "/secrets/feature-flags-token")).json).toMatchObject({ attributes: { nbf: now / 1000 + 30 * daySeconds + hourSeconds } });
    expect((await ask(demo.prodVault, "/secrets/feature-flags-token")).status).toBe(404);
  });

  test("are the same on every start", async () => {
    const second = await startLocalAzure({ now: () => now });
    seedDemo(second);
    const url = `https://${demo.devVault}.vault.azure.net/secrets?api-version=7.6`;
    const again = await sendRaw(second, { url, token: second.tokenFor(demo.clientId, "https://vault.azure.net") });
    await second.stop();
    expect(again.json).toEqual((await ask(demo.devVault, "/secrets")).json);
  });
});

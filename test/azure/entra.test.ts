import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LocalAzure } from "./localAzure.ts";
import { sendRaw } from "./sendRaw.ts";
import type { RawAnswer } from "./sendRaw.ts";
import { clientId, clientSecret, objectId, startTestShop, tenant, vaultUrl } from "./testShop.ts";

let azure: LocalAzure;
beforeEach(async () => {
  azure = await startTestShop();
});
afterEach(() => azure.stop());

function askToken(form: Readonly<Record<string, string>>, host = "login.microsoftonline.com"): Promise<RawAnswer> {
  const all = { grant_type: "client_credentials", client_id: clientId, scope: "https://vault.azure.net/.default", ...form };
  return sendRaw(azure, { method: "POST", url: `https://${host}/${tenant}/oauth2/v2.0/token`, body: new URLSearchParams(all).toString() });
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

describe("Entra", () => {
  test.each([
    ["login.microsoftonline.com", "https://login.microsoftonline.com"],
    ["login.windows.net", "https://login.microsoftonline.com"],
    ["login.microsoftonline.us", "https://login.microsoftonline.us"],
    ["login.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
  ])("describes itself on %s", async (host, authority) => {
    const answer = await sendRaw(azure, { url: `https://${host}/${tenant}/v2.0/.well-known/openid-configuration` });
    expect(answer.json).toMatchObject({ token_endpoint: `${authority}/${tenant}/oauth2/v2.0/token`, issuer: `${authority}/${tenant}/v2.0` });
  });

  test("knows the authorities of every cloud", async () => {
    const endpoint = `https://login.chinacloudapi.cn/${tenant}/oauth2/v2.0/authorize`;
    const answer = await sendRaw(azure, { url: `https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}` });
    expect(answer.json).toMatchObject({ tenant_discovery_endpoint: `https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration` });
    expect(answer.text).toContain("login.partner.microsoftonline.cn");
  });

  test("gives a token that the vault takes until it ends", async () => {
    const answer = await askToken({ client_secret: clientSecret });
    const { access_token: token, expires_in: expiresIn } = answer.json as { access_token: string; expires_in: number };
    expect(expiresIn).toBe(3599);
    const listed = (): Promise<RawAnswer> => sendRaw(azure, { url: `${vaultUrl}/secrets?api-version=7.6`, token });
    expect((await listed()).status).toBe(200);
    azure.advance(3_598_000);
    expect((await listed()).status).toBe(200);
    azure.advance(2000);
    expect((await listed()).text).toContain("[TokenExpired]");
  });

  test("can take tokens back with the ordinary challenge", async () => {
    const token = azure.tokenFor(clientId, "https://vault.azure.net");
    azure.revokeTokens("expired");
    const answer = await sendRaw(azure, { url: `${vaultUrl}/secrets?api-version=7.6`, token });
    expect(answer.text).toContain("[TokenExpired]");
    expect((await sendRaw(azure, { url: `${vaultUrl}/secrets?api-version=7.6`, token: azure.tokenFor(clientId, "https://vault.azure.net") })).status).toBe(200);
  });

  test("takes a client assertion only from an application that may use one", async () => {
    const form = { client_assertion: "header.payload.signature", client_assertion_type: assertionType };
    expect((await askToken(form)).text).toContain("AADSTS700027");
    azure.registerApp({ clientId, clientSecret, tenant, objectId, acceptsAssertions: true });
    expect((await askToken(form)).status).toBe(200);
  });

  test.each([
    ["no secret at all", {}, 401, "AADSTS7000218"],
    ["an unknown application", { client_id: "33333333-0000-4000-8000-00000000ffff", client_secret: clientSecret }, 400, "AADSTS700016"],
    ["an unknown resource", { client_secret: clientSecret, scope: "https://evil.example/.default" }, 400, "AADSTS500011"],
    ["another cloud's resource", { client_secret: clientSecret, scope: "https://vault.azure.cn/.default" }, 400, "AADSTS500011"],
    ["another grant", { grant_type: "password" }, 400, "AADSTS70003"],
  ])("refuses %s", async (_what, form, status, code) => {
    const answer = await askToken(form);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`${code}: `);
  });
});

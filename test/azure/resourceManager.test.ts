import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LocalAzure } from "./localAzure.ts";
import { armThrottled } from "./resourceManager.ts";
import { sendRaw } from "./sendRaw.ts";
import type { RawAnswer } from "./sendRaw.ts";
import { clientId, otherTenant, startTestShop, subscription, tenant, vaultAudience } from "./testShop.ts";

const armAudience = "https://management.azure.com";
let azure: LocalAzure;
beforeEach(async () => {
  azure = await startTestShop();
});
afterEach(() => azure.stop());

function askArm(path: string, token: string | undefined = azure.tokenFor(clientId, armAudience)): Promise<RawAnswer> {
  const joint = path.includes("?") ? "&" : "?";
  return sendRaw(azure, { url: `${armAudience}${path}${joint}api-version=2026-02-01`, token });
}

const vaultsOf = (id: string): string => `/subscriptions/${id}/providers/Microsoft.KeyVault/vaults`;

describe("Resource Manager", () => {
  test("lists the subscriptions that a principal may read, in pages", async () => {
    azure.addSubscription({ id: "22222222-0000-4000-8000-000000000002", tenant, displayName: "Second", state: "Disabled" });
    azure.addSubscription({ id: "22222222-0000-4000-8000-000000000003", tenant });
    azure.grantReader("22222222-0000-4000-8000-000000000002", clientId);
    const first = await askArm("/subscriptions?$top=1");
    expect(first.json).toMatchObject({ value: [{ subscriptionId: subscription, tenantId: tenant, state: "Enabled" }] });
    const { nextLink } = first.json as { nextLink: string };
    const second = await sendRaw(azure, { url: nextLink, token: azure.tokenFor(clientId, armAudience) });
    expect(second.json).toMatchObject({ value: [{ displayName: "Second", state: "Disabled" }] });
    expect(second.json).not.toHaveProperty("nextLink");
  });

  test.each([
    ["an unknown subscription", () => askArm(vaultsOf("22222222-0000-4000-8000-00000000ffff")), 404, "SubscriptionNotFound"],
    ["an unknown vault", () => askArm(`/subscriptions/${subscription}/resourceGroups/rg-keyline/providers/Microsoft.KeyVault/vaults/no-vault`), 404, "ResourceNotFound"],
    ["no token", () => sendRaw(azure, { url: `${armAudience}/subscriptions?api-version=2022-12-01` }), 401, "AuthenticationFailed"],
    ["a vault's token", () => askArm("/subscriptions", azure.tokenFor(clientId, vaultAudience)), 401, "InvalidAuthenticationTokenAudience"],
    ["another tenant's token", () => askArm(vaultsOf(subscription), azure.tokenFor(clientId, armAudience, otherTenant)), 401, "InvalidAuthenticationTokenTenant"],
  ])("answers to %s", async (_what, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error: { code } });
  });

  test("refuses who has no Reader there", async () => {
    azure.registerUser({ objectId: "44444444-0000-4000-8000-000000000009", tenants: [tenant] });
    const token = azure.tokenFor("44444444-0000-4000-8000-000000000009", armAudience);
    const answer = await askArm(vaultsOf(subscription), token);
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ error: { code: "AuthorizationFailed" } });
    expect((await askArm("/subscriptions", token)).json).toEqual({ value: [] });
  });

  test("is throttled with a time to wait, where a fault says so", async () => {
    const { status, headers, body } = armThrottled(7);
    azure.fault({ host: "management.azure.com", status, headers, rawBody: body, times: 1 });
    const answer = await askArm("/subscriptions");
    expect([answer.status, answer.headers["retry-after"]]).toEqual([429, "7"]);
    expect(answer.json).toMatchObject({ error: { code: "SubscriptionRequestsThrottled" } });
    expect((await askArm("/subscriptions")).status).toBe(200);
  });

  test("says which vault names are free, to those who may read the subscription", async () => {
    const check = (name: string, principal = clientId): Promise<RawAnswer> =>
      sendRaw(azure, {
        method: "POST",
        url: `${armAudience}/subscriptions/${subscription}/providers/Microsoft.KeyVault/checkNameAvailability?api-version=2026-02-01`,
        token: azure.tokenFor(principal, armAudience),
        body: JSON.stringify({ name, type: "Microsoft.KeyVault/vaults" }),
      });
    azure.addVault({ name: "gone-vault", tenant, subscription, vaultDeleted: true });
    expect((await check("free-vault")).json).toEqual({ nameAvailable: true });
    for (const taken of ["MY-vault", "gone-vault"]) expect((await check(taken)).json).toMatchObject({ nameAvailable: false, reason: "AlreadyExists" });
    expect((await check("a--b")).json).toMatchObject({ nameAvailable: false, reason: "AccountNameInvalid" });
    azure.registerUser({ objectId: "44444444-0000-4000-8000-000000000099", tenants: [tenant] });
    const refused = await check("free-vault", "44444444-0000-4000-8000-000000000099");
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ error: { code: "AuthorizationFailed" } });
  });
});

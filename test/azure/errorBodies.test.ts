import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { LocalAzure } from "./localAzure.ts";
import { sendRaw } from "./sendRaw.ts";
import type { RawAnswer } from "./sendRaw.ts";
import { askVault, clientId, clientSecret, otherTenant, startTestShop, tenant, vaultAudience, vaultUrl } from "./testShop.ts";
import type { VaultOptions } from "./vaultState.ts";

interface Vector {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Scenario {
  readonly vault?: Partial<VaultOptions>;
  readonly provoke: (azure: LocalAzure) => Promise<RawAnswer>;
}

const vectors = JSON.parse(readFileSync(new URL("../vectors/error-bodies.json", import.meta.url), "utf8")) as { readonly dataPlane: readonly Vector[]; readonly entra: readonly Vector[] };

const put = { method: "PUT", body: { value: "test value" } };

/** How each vector of the data plane comes about here. */
const scenarios: Readonly<Record<string, Scenario>> = {
  noToken: { provoke: (azure) => sendRaw(azure, { url: `${vaultUrl}/secrets?api-version=7.6` }) },
  tokenExpired: {
    provoke: (azure) => {
      const token = azure.tokenFor(clientId, vaultAudience);
      azure.advance(3_600_000);
      return askVault(azure, "/secrets", { token });
    },
  },
  caeRevoked: {
    provoke: (azure) => {
      const token = azure.tokenFor(clientId, vaultAudience);
      azure.revokeTokens();
      return askVault(azure, "/secrets", { token });
    },
  },
  accessPolicyOld: { vault: { rbac: false, policyRefusal: "AccessDenied" }, provoke: (azure) => withoutRights(azure, "/secrets") },
  accessPolicyNew: { vault: { rbac: false }, provoke: (azure) => withoutRights(azure, "/secrets/a") },
  privateOnly: { vault: { publicAccess: "disabled" }, provoke: (azure) => askVault(azure, "/secrets") },
  disabled: {
    provoke: (azure) => {
      azure.setSecret("my-vault", "a", { value: "test value", enabled: false });
      return askVault(azure, "/secrets/a/");
    },
  },
  purgeProtected: {
    vault: { purgeProtection: true },
    provoke: (azure) => {
      azure.setSecret("my-vault", "a", { value: "test value" });
      azure.deleteSecret("my-vault", "a");
      return askVault(azure, "/deletedsecrets/a", { method: "DELETE" });
    },
  },
  notFound: { provoke: (azure) => askVault(azure, "/secrets/nothing/0123456789abcdef0123456789abcdef") },
  vaultNotFound: { vault: { vaultDeleted: true }, provoke: (azure) => askVault(azure, "/secrets") },
  badName: { provoke: (azure) => askVault(azure, "/secrets/my_secret") },
  deletedRecoverable: {
    provoke: (azure) => {
      azure.setSecret("my-vault", "a", { value: "test value" });
      azure.deleteSecret("my-vault", "a");
      return askVault(azure, "/secrets/a", put);
    },
  },
  beingDeleted: {
    vault: { deletionLagMs: 10_000 },
    provoke: async (azure) => {
      azure.setSecret("my-vault", "a", { value: "test value" });
      await askVault(azure, "/secrets/a", { method: "DELETE" });
      return askVault(azure, "/secrets/a", put);
    },
  },
  proxyHtml502: { provoke: (azure) => withFault(azure, { status: 502, rawBody: "<html>Bad Gateway</html>", headers: { "content-type": "text/html" } }) },
  emptyJson500: { provoke: (azure) => withFault(azure, { status: 500, rawBody: "", headers: { "content-type": "application/json" } }) },
};

let azure: LocalAzure | undefined;
afterEach(() => azure?.stop());

describe("every error body of the data plane", () => {
  test("has a scenario", () => {
    expect(Object.keys(scenarios)).toEqual(vectors.dataPlane.map((vector) => vector.id));
  });

  test.each(vectors.dataPlane)("$id", async (vector) => {
    const scenario = scenarios[vector.id];
    azure = await startTestShop(scenario?.vault);
    const answer = await scenario?.provoke(azure);
    expect(answer?.status).toBe(vector.status);
    expectSameShape(answer, vector);
    for (const [header, value] of Object.entries(vector.headers ?? {})) {
      expect(answer?.headers[header.toLowerCase()]).toMatch(pattern(value));
    }
  });

  test("RBAC names caller, action and vault", async () => {
    azure = await startTestShop();
    const answer = await withoutRights(azure, "/secrets");
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ error: { code: "Forbidden", innererror: { code: "ForbiddenByRbac" } } });
    expect(answer.text).toContain(`appid=${clientId}`);
    expect(answer.text).toContain("Microsoft.KeyVault/vaults/secrets/readMetadata/action");
  });

  test("the firewall speaks before the permission", async () => {
    azure = await startTestShop({ publicAccess: "firewall" });
    const answer = await withoutRights(azure, "/secrets");
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ error: { innererror: { code: "ForbiddenByFirewall" } } });
    expect(answer.text).toContain("Client address: 203.0.113.7");
  });

  test.each([
    ["another audience", { audience: "https://management.azure.com" }, "AKV10022"],
    ["another tenant", { tenant: otherTenant }, "AKV10032"],
  ])("a token for %s is 401", async (_what, { audience, tenant: tokenTenant }: { audience?: string; tenant?: string }, code) => {
    azure = await startTestShop();
    const answer = await askVault(azure, "/secrets", { token: azure.tokenFor(clientId, audience ?? vaultAudience, tokenTenant) });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain(code);
    expect(answer.headers["www-authenticate"]).toBe(`Bearer authorization="https://login.windows.net/${tenant}", resource="https://vault.azure.net"`);
  });

  test("a forged token is 401", async () => {
    azure = await startTestShop();
    const token = azure.tokenFor(clientId, vaultAudience);
    expect((await askVault(azure, "/secrets", { token: `${token.slice(0, -4)}AAAA` })).status).toBe(401);
  });

  test.each(["/secrets//", "/deletedsecrets//"])("an empty name (%s) is 405", async (path) => {
    azure = await startTestShop();
    const answer = await askVault(azure, path);
    expect(answer.status).toBe(405);
    expect(answer.json).toMatchObject({ error: { code: "MethodNotAllowed" } });
  });
});

describe("Entra's error bodies", () => {
  const tokenUrl = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`;
  const form = (secret: string): string => `grant_type=client_credentials&client_id=${clientId}&client_secret=${secret}&scope=https%3A%2F%2Fvault.azure.net%2F.default`;
  const discovery = "https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.evil.example/t/oauth2/v2.0/authorize";
  const provoke: Readonly<Record<string, (azure: LocalAzure) => Promise<RawAnswer>>> = {
    badClientSecret: (azure) => sendRaw(azure, { method: "POST", url: tokenUrl, body: form("wrong") }),
    expiredClientSecret: (azure) => {
      azure.registerApp({ clientId, clientSecret, tenant, objectId: "44444444-0000-4000-8000-000000000001", secretExpired: true });
      return sendRaw(azure, { method: "POST", url: tokenUrl, body: form(clientSecret) });
    },
    badAuthority: (azure) => sendRaw(azure, { url: discovery }),
  };

  test.each(vectors.entra)("$id", async (vector) => {
    azure = await startTestShop();
    const answer = await provoke[vector.id]?.(azure);
    expect(answer?.status).toBe(vector.status);
    const { error, error_description: description = "" } = vector.body as { error: string; error_description?: string };
    expect(answer?.json).toMatchObject({ error });
    expect(answer?.text).toContain(description.split(":")[0]);
  });
});

async function withoutRights(local: LocalAzure, path: string): Promise<RawAnswer> {
  local.deny("my-vault", clientId);
  return askVault(local, path);
}

function withFault(local: LocalAzure, fault: Parameters<LocalAzure["fault"]>[0]): Promise<RawAnswer> {
  local.fault(fault);
  return askVault(local, "/secrets");
}

function expectSameShape(answer: RawAnswer | undefined, vector: Vector): void {
  if (typeof vector.body === "string") {
    expect(answer?.text).toBe(vector.body);
    return;
  }
  const wanted = (vector.body as { error?: { code: string; message: string; innererror?: { code: string } } }).error;
  const got = (answer?.json as { error?: { code: string; message: string; innererror?: { code: string } } }).error;
  expect(got?.code).toBe(wanted?.code);
  expect(got?.innererror).toEqual(wanted?.innererror);
  if (wanted !== undefined) {
    expect(got?.message).toMatch(pattern(wanted.message));
  }
}

/** `<name>`, `'...'` and the optional `[/<version>]` of a vector stand for anything; only the verb and vault vary besides. */
function pattern(text: string): RegExp {
  const escaped = text
    .replace("[/<version>]", "<version>")
    .replace(/secrets (get|list) permission/, "secrets <verb> permission")
    .replace(/^\.\.\.$/, "<any>")
    .replace("'...'", "'<who>'")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/<(?!html|\/html)[a-z0-9]+>/g, ".+")}$`);
}

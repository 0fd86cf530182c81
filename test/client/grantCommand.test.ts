import { describe, expect, test } from "vitest";
import type { GrantQuestion } from "../../client/src/connectors/grantCommand.ts";
import { grantCommand } from "../../client/src/connectors/grantCommand.ts";
import type { AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import { clientId, shop, tenant } from "./testScene.ts";

const subscription = "22222222-3333-4444-5555-666666666666";
const other = "99999999-8888-7777-6666-555555555555";
const known: AzureVault = { name: "shop-vault", cloud: "public", subscription, resourceGroup: "rg-shop_(dev)", location: "westeurope", tenant, rbac: true, purgeProtection: false, publicAccess: true };

function grant(question: Partial<GrantQuestion> = {}) {
  return grantCommand({ cause: "rbac", step: "read", vault: shop, settings: { clientId }, credential: { kind: "client-secret", tenant, clientId }, directory: { ...emptyDirectory, vaults: [known] }, ...question });
}

describe("the role's command", () => {
  const scope = `"/subscriptions/${subscription}/resourceGroups/rg-shop_(dev)/providers/Microsoft.KeyVault/vaults/shop-vault"`;

  test.each([
    ["read", "Key Vault Secrets User"],
    ["write", "Key Vault Secrets Officer"],
    ["delete", "Key Vault Secrets Officer"],
    ["purge", "Key Vault Secrets Officer"],
  ] as const)("to %s names %s, the client ID and the vault's resource", (step, role) => {
    expect(grant({ step })?.command).toBe(`az role assignment create --role "${role}" --assignee ${clientId} --scope ${scope}`);
  });

  test.each([
    ["the vault is not known", { vaults: [] }],
    ["the vault of that name is in another cloud", { vaults: [{ ...known, cloud: "usgov" as const }] }],
    ["the resource group has a hostile name", { vaults: [{ ...known, resourceGroup: 'x"; rm -rf ~; "' }] }],
    ["the resource group ends with a dot", { vaults: [{ ...known, resourceGroup: "x." }] }],
    ["the subscription is no ID", { vaults: [{ ...known, subscription: "$(id)" }] }],
  ])("asks Azure for the resource where %s", (_what, directory) => {
    expect(grant({ directory: { ...emptyDirectory, ...directory } })?.command).toContain('--scope "$(az keyvault show --name shop-vault --query id --output tsv)"');
  });
});

describe("the policy's command", () => {
  test("gives all that Harness needs, since it replaces what is there", () => {
    expect(grant({ cause: "access-policy" })).toEqual({
      command: `az keyvault set-policy --name shop-vault --spn ${clientId} --secret-permissions get list set delete`,
      words: "Copied. The command gives exactly the secret permissions get, list, set and delete on the vault shop-vault to the connector's own identity.",
    });
  });

  test("with purge where purging was refused, or the connector purges", () => {
    expect(grant({ cause: "access-policy", step: "purge" })?.command).toMatch(/ get list set delete purge$/);
    expect(grant({ cause: "access-policy", settings: { clientId, enablePurge: true } })?.command).toMatch(/ get list set delete purge$/);
  });
});

describe("for whom", () => {
  test("the refused identity where its client ID is known", () => {
    expect(grant({ credential: { kind: "client-secret", tenant, clientId: other } })).toMatchObject({ command: expect.stringContaining(`--assignee ${other} `) as string, words: expect.stringContaining("to the identity that was refused.") as string });
    expect(grant({ credential: { kind: "managed-identity", clientId: other }, settings: undefined })?.command).toContain(other);
  });

  test("else the connector's own, and says that this is another one", () => {
    const role = grant({ credential: { kind: "vscode" } });
    expect(role?.command).toContain(`--assignee ${clientId} `);
    expect(role?.words).toContain("to the connector's own identity, which Harness uses. That is not the identity that was refused here: for your own account, put its sign-in name into --assignee.");
    expect(grant({ credential: { kind: "azure-cli" }, cause: "access-policy" })?.words).toContain("put its sign-in name into --upn in the place of --spn.");
    expect(grant({ credential: { kind: "managed-identity" }, settings: { clientId, useManagedIdentity: true, managedClientId: other } })?.command).toContain(other);
  });

  test.each([
    ["nothing is known", { credential: { kind: "vscode" }, settings: {} }],
    ["it is a system-assigned identity", { credential: { kind: "managed-identity" }, settings: { clientId, useManagedIdentity: true } }],
    ["the client ID is none", { credential: { kind: "vscode" }, settings: { clientId: `${clientId}; rm -rf ~` } }],
    ["the vault's name is none", { vault: { name: "$(id)", cloud: "public" } }],
  ] as readonly [string, Partial<GrantQuestion>][])("nobody where %s", (_what, question) => {
    expect(grant(question)).toBeUndefined();
  });

  test("sovereign clouds are named", () => {
    expect(grant({ vault: { ...shop, cloud: "usgov" } })?.words).toContain("Run az cloud set --name AzureUSGovernment first.");
    expect(grant({ vault: { ...shop, cloud: "china" } })?.words).toContain("Run az cloud set --name AzureChinaCloud first.");
    expect(grant()?.words).not.toContain("az cloud");
  });
});

import { describe, expect, test } from "vitest";
import { restrictedMessage } from "../../client/src/azure/approvalCommands.ts";
import type { CredentialKind } from "../../client/src/azure/credentialKind.ts";
import { readCredentialKind } from "../../client/src/azure/credentialKind.ts";
import { isSessionProvider, sessionToken } from "../../client/src/azure/sessionToken.ts";
import { createSignInCommands } from "../../client/src/azure/signInCommands.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";
import { createFakeSessions } from "./fakeSessions.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const shop: VaultTarget = { name: "shop-vault", cloud: "public", tenant };
const gov: VaultTarget = { name: "gov-vault", cloud: "usgov" };

describe("a token of VS Code's session", () => {
  test("is asked for silently, for the vault's audience and tenant alone", async () => {
    const sessions = createFakeSessions("token");
    expect(await sessionToken(sessions, { cloud: "public", tenant }, false)).toBe("token");
    expect(sessions.asked).toEqual([{ providerId: "microsoft", scopes: ["https://vault.azure.net/.default", `VSCODE_TENANT:${tenant}`], options: { silent: true } }]);
  });

  test("comes from the provider of the sovereign clouds for those", async () => {
    const sessions = createFakeSessions("token");
    await sessionToken(sessions, { cloud: "usgov" }, true);
    await sessionToken(sessions, { cloud: "china" }, false);
    expect(sessions.asked.map(({ providerId, scopes }) => [providerId, ...scopes])).toEqual([
      ["microsoft-sovereign-cloud", "https://vault.usgovcloudapi.net/.default"],
      ["microsoft-sovereign-cloud", "https://vault.azure.cn/.default"],
    ]);
    expect(sessions.asked[0]?.options).toEqual({ createIfNone: true });
  });

  test("is asked for Resource Manager's audience where that is meant", async () => {
    const sessions = createFakeSessions("token");
    await sessionToken(sessions, { cloud: "public", tenant, audience: "arm" }, false);
    expect(sessions.asked[0]?.scopes).toEqual(["https://management.azure.com/.default", `VSCODE_TENANT:${tenant}`]);
  });

  test("is not asked for in a tenant that is no GUID", async () => {
    const sessions = createFakeSessions("token");
    for (const hostile of ["--debug", "common", "x VSCODE_CLIENT_ID:y", ""]) {
      expect(await sessionToken(sessions, { cloud: "public", tenant: hostile }, true)).toBeUndefined();
    }
    expect(sessions.asked).toEqual([]);
  });

  test("is none where the person declines", async () => {
    expect(await sessionToken(createFakeSessions(new Error("declined")), { cloud: "public" }, true)).toBeUndefined();
    expect(await sessionToken(createFakeSessions(undefined), { cloud: "public" }, false)).toBeUndefined();
  });

  test("changes with Microsoft's providers only", () => {
    expect(["microsoft", "microsoft-sovereign-cloud", "github"].filter(isSessionProvider)).toEqual(["microsoft", "microsoft-sovereign-cloud"]);
  });
});

function scene(options: { credential?: CredentialKind; vaults?: VaultTarget[]; approved?: VaultTarget[]; trusted?: boolean; answer?: string | Error; pick?: string; of?: ReadonlyMap<VaultTarget, CredentialChoice>; secretEntered?: boolean }) {
  const sessions = createFakeSessions(options.answer);
  const dialogs = createFakeDialogs(options);
  const chosen: CredentialKind[] = [];
  const secretsAsked: string[] = [];
  let signedIn = 0;
  const commands = createSignInCommands({
    dialogs,
    sessions,
    isTrusted: () => options.trusted ?? true,
    credentials: {
      of: (vault) => options.of?.get(vault) ?? { kind: options.credential ?? "vscode" },
      byDefault: () => ({ kind: options.credential ?? "vscode" }),
      askSecret: (choice) => {
        secretsAsked.push(choice.clientId);
        return Promise.resolve(options.secretEntered ?? true);
      },
    },
    setCredential: (kind) => {
      chosen.push(kind);
      return Promise.resolve();
    },
    vaults: () => options.vaults ?? [shop],
    isApproved: (vault) => (options.approved ?? options.vaults ?? [shop]).includes(vault),
    signedIn: () => {
      signedIn += 1;
    },
  });
  return { commands, sessions, dialogs, chosen, secretsAsked, signedIn: () => signedIn };
}

describe("Sign In", () => {
  test("opens VS Code's sign-in for the approved vault's tenant, then asks the vaults again", async () => {
    const { commands, sessions, signedIn } = scene({ answer: "token" });
    await expect(commands.signIn()).resolves.toBeUndefined();
    expect(sessions.asked.map(({ scopes, options }) => [scopes[1], options])).toEqual([[`VSCODE_TENANT:${tenant}`, { createIfNone: true }]]);
    expect(signedIn()).toBe(1);
  });

  test("takes no tenant from a vault that is not approved", async () => {
    const { commands, sessions } = scene({ approved: [], answer: "token" });
    await commands.signIn();
    expect(sessions.asked[0]?.scopes).toEqual(["https://vault.azure.net/.default"]);
  });

  test("asks for the tenant where there are several", async () => {
    const { commands, sessions, dialogs } = scene({ vaults: [shop, gov], answer: "token", pick: "Your account's own tenant" });
    await commands.signIn();
    expect(dialogs.shown[0]?.choices).toEqual([tenant, "Your account's own tenant"]);
    expect(sessions.asked[0]?.providerId).toBe("microsoft-sovereign-cloud");
    const left = scene({ vaults: [shop, gov], answer: "token" });
    await left.commands.signIn();
    expect(left.sessions.asked).toEqual([]);
  });

  test("says so where the person declines, and asks no vault", async () => {
    const { commands, dialogs, signedIn } = scene({ answer: new Error("declined") });
    await commands.signIn();
    expect(dialogs.shown[0]?.text).toMatch(/^Not signed in\./);
    expect(signedIn()).toBe(0);
  });

  test("with another credential says what to do", async () => {
    const cli = scene({ credential: "azure-cli" });
    await cli.commands.signIn();
    expect(cli.dialogs.shown[0]?.text).toContain("az login");
    const environment = scene({ credential: "environment" });
    await environment.commands.signIn();
    expect(environment.dialogs.shown[0]?.text).toContain("AZURE_CLIENT_ID");
    expect([...cli.sessions.asked, ...environment.sessions.asked]).toEqual([]);
  });

  test("follows the credential that was chosen for the vault, and asks which where they differ", async () => {
    const clientId = "11111111-2222-3333-4444-666666666666";
    const of = new Map<VaultTarget, CredentialChoice>([[gov, { kind: "client-secret", tenant, clientId }]]);
    const one = scene({ vaults: [gov], of });
    await one.commands.signIn();
    expect([one.secretsAsked, one.signedIn(), one.sessions.asked]).toEqual([[clientId], 1, []]);
    const left = scene({ vaults: [gov], of, secretEntered: false });
    await left.commands.signIn();
    expect(left.signedIn()).toBe(0);
    const both = scene({ vaults: [shop, gov], of, answer: "token", pick: "VS Code's Microsoft account" });
    await both.commands.signIn();
    expect(both.dialogs.shown[0]?.choices).toEqual(["VS Code's Microsoft account", `Client secret of application ${clientId}`]);
    expect(both.sessions.asked.map(({ scopes }) => scopes[1])).toEqual([`VSCODE_TENANT:${tenant}`]);
  });

  test.each([
    ["managed-identity", "managed identity"],
    ["workload-identity", "AZURE_FEDERATED_TOKEN_FILE"],
  ] as const)("with %s says what it needs", async (credential, words) => {
    const { commands, dialogs } = scene({ credential });
    await commands.signIn();
    expect(dialogs.shown[0]?.text).toContain(words);
  });

  test("does nothing in Restricted Mode but say so", async () => {
    const { commands, sessions, dialogs, signedIn } = scene({ trusted: false, answer: "token" });
    await commands.signIn();
    expect(dialogs.shown.map((dialog) => dialog.text)).toEqual([restrictedMessage]);
    expect(sessions.asked).toEqual([]);
    expect(signedIn()).toBe(0);
  });
});

test("Choose the Azure Credential writes a new choice only", async () => {
  const changed = scene({ pick: "Azure CLI" });
  await changed.commands.chooseCredential();
  expect(changed.chosen).toEqual(["azure-cli"]);
  const same = scene({ pick: "VS Code's Microsoft account" });
  await same.commands.chooseCredential();
  const left = scene({});
  await left.commands.chooseCredential();
  expect([...same.chosen, ...left.chosen]).toEqual([]);
});

test("a setting that is none of the credentials counts as the default", () => {
  expect(["azure-cli", "environment", "vscode", "managed", 7, undefined].map(readCredentialKind)).toEqual(["azure-cli", "environment", "vscode", "vscode", "vscode", "vscode"]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { causeWords, delegateNote, isFaultCause } from "../../client/src/azure/causeWords.ts";
import { causeOfOutcome } from "../../client/src/azure/causeOfOutcome.ts";
import { identityWords, isConnectorsOwn } from "../../client/src/azure/identityWords.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import { clientId, tenant } from "./testScene.ts";

const causes = Object.keys({
  "not-signed-in": 1, "wrong-client-secret": 1, "expired-client-secret": 1, "unknown-application": 1, "certificate-refused": 1, "certificate-unreadable": 1, "credential-refused": 1, "tenant-not-found": 1, "wrong-tenant": 1, clock: 1, dns: 1, unreachable: 1, proxy: 1, tls: 1,
  firewall: 1, "private-endpoint": 1, rbac: 1, "access-policy": 1, forbidden: 1, "no-reader-role": 1, "subscription-not-found": 1, "vault-not-found": 1, "secret-not-found": 1, "secret-disabled": 1, throttled: 1, "service-error": 1, "purge-protection": 1, "deletion-pending": 1, cancelled: 1,
} satisfies Record<FaultCause, 1>) as FaultCause[];

test.each(causes)("%s: a short name, what is the case and what to do, each a sentence, at every step", (cause) => {
  for (const words of [causeWords(cause), ...(["read", "value", "write", "delete", "recover", "purge"] as const).map((step) => causeWords(cause, step))]) {
    expect(words.short.split(" ").length).toBeLessThanOrEqual(4);
    for (const sentence of [words.what, words.next]) expect(sentence).toMatch(/^[A-Z].{8,300}\.$/);
    expect(JSON.stringify(words)).not.toMatch(/https?:|[0-9a-f]{8}-|\d+\.\d+\.\d+/);
  }
});

test("no two causes share a name, a what or a next step", () => {
  for (const part of ["short", "what", "next"] as const) expect(new Set(causes.map((cause) => causeWords(cause)[part])).size).toBe(causes.length);
});

test("the right that is missing depends on the step", () => {
  const steps = ["read", "value", "write", "delete", "recover", "purge"] as const;
  for (const cause of ["rbac", "access-policy"] as const) expect(new Set(steps.map((step) => causeWords(cause, step).what)).size).toBe(6);
  expect(causeWords("rbac", "read").next).toMatch(/^Ask for the role Key Vault Reader .*Key Vault Secrets User, which reads values/);
  expect(causeWords("access-policy", "read").next).toMatch(/^Ask for the secret permission list, and for get to read values/);
  expect(causeWords("rbac", "value").next).toContain("Key Vault Secrets User");
  expect(causeWords("rbac", "write").next).toContain("Key Vault Secrets Officer");
});

test("the names of rights are those of the documents' table of rights, and its results have the words that are shown", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/connectors.md"), "utf8");
  const rights = page.slice(page.indexOf("\n## Rights\n"), page.indexOf("\n## In YAML\n"));
  for (const role of ["Key Vault Reader", "Key Vault Secrets User", "Key Vault Secrets Officer"]) {
    expect(rights).toContain(`| ${role} |`);
    expect(causeWords("rbac").next).toContain(role);
  }
  const results = page.slice(page.indexOf("| Result | What it means"), page.indexOf("\n## Your credential"));
  const rows = results.split("\n").slice(2).filter((line) => line.startsWith("|"));
  expect(rows.length).toBeGreaterThan(20);
  const shown = causes.map((cause) => causeWords(cause)).map(({ short, what, next }) => `| ${short} | ${what} ${next} |`);
  expect(rows.filter((row) => !shown.includes(row))).toEqual([]);
});

test("a network that is in the way is never answered with a role", () => {
  for (const cause of ["firewall", "private-endpoint"] as const) expect(causeWords(cause).next).toContain("No role changes that.");
  for (const cause of ["dns", "unreachable"] as const) expect(`${causeWords(cause).what}${causeWords(cause).next}`).not.toMatch(/does not exist|no such vault|role/);
});

test("only causes are causes", () => {
  expect(causes.every(isFaultCause)).toBe(true);
  expect(["passed", "toString", "constructor", "", 1, null, undefined].some(isFaultCause)).toBe(false);
});

test("a reason without a cause never claims more than the reason", () => {
  expect(causeOfOutcome({ reason: "forbidden" })).toBe("forbidden");
  expect(causeOfOutcome({ reason: "keys-forbidden" })).toBe("forbidden");
  expect(causeOfOutcome({ reason: "network-blocked" })).toBe("service-error");
  expect(causeOfOutcome({ reason: "forbidden", cause: "rbac" })).toBe("rbac");
});

test.each([
  [{ kind: "vscode" }, "VS Code's Microsoft account", false],
  [{ kind: "azure-cli" }, "the Azure CLI's account", false],
  [{ kind: "environment" }, "the application that the environment variables name", false],
  [{ kind: "client-secret", tenant, clientId }, "the connector's own application, with a client secret", true],
  [{ kind: "client-secret", tenant, clientId: tenant }, "another application than the connector's, with a client secret", false],
  [{ kind: "client-certificate", tenant: clientId, clientId, path: "/home/me/app.pem" }, "an application of your choice, with a certificate", false],
  [{ kind: "managed-identity" }, "this machine's system-assigned managed identity", false],
  [{ kind: "managed-identity", clientId }, "a user-assigned managed identity of this machine", false],
  [{ kind: "workload-identity" }, "this machine's workload identity", false],
] as readonly [CredentialChoice, string, boolean][])("an identity is named in words (%#)", (choice, words, isOwn) => {
  const settings = { clientId: clientId.toUpperCase(), tenantId: tenant };
  expect(identityWords(choice, settings)).toBe(words);
  expect(isConnectorsOwn(choice, settings)).toBe(isOwn);
  expect(isConnectorsOwn(choice, undefined)).toBe(false);
});

test("a managed identity is the connector's own where it names it", () => {
  expect(isConnectorsOwn({ kind: "managed-identity", clientId }, { useManagedIdentity: true, managedClientId: clientId })).toBe(true);
  expect(isConnectorsOwn({ kind: "managed-identity" }, { useManagedIdentity: true })).toBe(false);
});

test("the note names both sides", () => {
  expect(delegateNote).toMatch(/delegate.*this machine/);
});

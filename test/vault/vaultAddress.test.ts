import { expect, test } from "vitest";
import { allowedNextLink, checkVaultUrl, isNextLinkAllowed, vaultAddress } from "../../server/src/vault/vaultAddress.ts";
import type { Cloud } from "../../server/src/core/model/vaultTarget.ts";
import { readVaultTargets } from "./readVectors.ts";

const vectors = readVaultTargets();
const clouds: readonly Cloud[] = ["public", "usgov", "china"];

test.each(clouds)("the %s cloud has the hosts of Azure's documents", (cloud) => {
  const expected = vectors.clouds[cloud];
  expect(vaultAddress({ name: "My-Vault", cloud })).toEqual({
    origin: `https://my-vault.${expected.suffix}`,
    scope: `${expected.audience}/.default`,
    authorityHost: expected.authority,
    armHost: expected.arm,
  });
});

test.each(vectors.names)("vault name %j: %s", (name, accepted) => {
  for (const cloud of clouds) expect(vaultAddress({ name, cloud }) !== undefined).toBe(accepted);
});

test.each(vectors.urls)("vault URL %j: %s", (url, accepted) => {
  const target = checkVaultUrl(url, "public");
  expect(target !== undefined).toBe(accepted);
  if (target !== undefined) expect(vaultAddress(target)?.origin).toBe("https://my-vault.vault.azure.net");
});

test("a URL of one cloud is none of another's", () => {
  expect(checkVaultUrl("https://my-vault.vault.azure.cn", "china")).toEqual({ name: "my-vault", cloud: "china" });
  expect(checkVaultUrl("https://my-vault.vault.azure.cn", "usgov")).toBeUndefined();
});

test.each(vectors.nextLinks)("nextLink %j: %s", (nextLink, accepted) => {
  const address = vaultAddress({ name: "my-vault", cloud: "public" });
  if (address === undefined) throw new Error("The name is valid");
  expect(isNextLinkAllowed(nextLink, address, "/secrets")).toBe(accepted);
});

test.each([
  "https://user@my-vault.vault.azure.net/secrets",
  "https://my-vault.vault.azure.net\\@evil.example/secrets",
  "https://my-vault.vault.azure.net/secrets/../keys",
  "https://my-vault.vault.azure.net/secrets/%2e%2e/keys",
  "https://my-vault.vault.azure.net/secrets#/keys",
  "https://my-vault.vault.azure.net./secrets",
  "//evil.example/secrets",
  "/secrets?page=2",
  "https://my-vault.vault.azure.net/\tsecrets",
])("a nextLink that says one thing and means another is refused: %j", (nextLink) => {
  const address = vaultAddress({ name: "my-vault", cloud: "public" });
  if (address === undefined) throw new Error("The name is valid");
  expect(allowedNextLink(nextLink, address, "/secrets")).toBeUndefined();
});

test.each(["germany", "__proto__", "constructor", ""])("there is no cloud %j", (cloud) => {
  expect(vaultAddress({ name: "my-vault", cloud: cloud as Cloud })).toBeUndefined();
});

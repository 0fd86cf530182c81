import { describe, expect, test } from "vitest";
import { harnessConnectorUrl } from "../../client/src/connectors/harnessConnectorUrl.ts";
import { readHarnessAccount } from "../../client/src/connectors/harnessAccount.ts";
import { shortPlace, shownPlace } from "../../client/src/connectors/shownPlace.ts";
import { vaultPortalUrl } from "../../client/src/connectors/vaultPortalUrl.ts";
import { noticeText } from "../../client/src/ui/noticeText.ts";
import type { AzureVault } from "../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import { rangeAt, tenant } from "./connectorRow.ts";

const subscription = "22222222-2222-3333-4444-555555555555";
const account = { account: "abcDEF123_-x", origin: "https://app.harness.io" };

describe("the Azure portal", () => {
  const vault: AzureVault = { name: "Shop-KV", cloud: "usgov", subscription, resourceGroup: "shop & co", location: "x", tenant, rbac: true, purgeProtection: false, publicAccess: true };

  test("the vault's own page in the portal of its cloud, where Resource Manager knows the vault", () => {
    expect(vaultPortalUrl({ name: "shop-kv", cloud: "usgov" }, { ...emptyDirectory, vaults: [vault] })).toEqual({
      url: `https://portal.azure.us/#@${tenant}/resource/subscriptions/${subscription}/resourceGroups/shop%20%26%20co/providers/Microsoft.KeyVault/vaults/Shop-KV/overview`,
      exact: true,
    });
  });

  test("else the list of vaults: of another cloud, unknown, or told in a form that is none", () => {
    const list = (cloud: "public" | "usgov" | "china", vaults: readonly AzureVault[]): unknown => vaultPortalUrl({ name: "shop-kv", cloud }, { ...emptyDirectory, vaults });
    const url = (host: string): unknown => ({ url: `https://${host}/#view/HubsExtension/BrowseResource/resourceType/Microsoft.KeyVault%2Fvaults`, exact: false });
    expect(list("public", [vault])).toEqual(url("portal.azure.com"));
    expect(list("china", [])).toEqual(url("portal.azure.cn"));
    expect(list("usgov", [{ ...vault, subscription: "../../x" }])).toEqual(url("portal.azure.us"));
    expect(list("usgov", [{ ...vault, tenant: "evil.example" }])).toEqual(url("portal.azure.us"));
  });
});

describe("Harness", () => {
  test.each([
    [{ level: "account" }, "https://app.harness.io/ng/account/abcDEF123_-x/all/settings/connectors/kv"],
    [{ level: "org", org: "default" }, "https://app.harness.io/ng/account/abcDEF123_-x/all/orgs/default/settings/connectors/kv"],
    [{ level: "project", org: "default", project: "shop" }, "https://app.harness.io/ng/account/abcDEF123_-x/all/orgs/default/projects/shop/settings/connectors/kv"],
  ] as const)("the connector's page of %j", (scope, expected) => {
    expect(harnessConnectorUrl(account, { scope, identifier: "kv" })).toBe(expected);
  });

  test("nothing of a name leaves its place in the address", () => {
    const url = harnessConnectorUrl(account, { scope: { level: "org", org: "../..?x#" }, identifier: "@evil.example/\u202e" });
    expect(new URL(url).host).toBe("app.harness.io");
    expect(url).toBe("https://app.harness.io/ng/account/abcDEF123_-x/all/orgs/..%2F..%3Fx%23/settings/connectors/%40evil.example%2F%E2%80%AE");
  });

  test.each([
    ["abcDEF123_-x", undefined, "https://app.harness.io"],
    ["  abcDEF123_-x ", "https://harness.corp.example", "https://harness.corp.example"],
    ["https://app3.harness.io/ng/account/abcDEF123_-x/all/orgs/default", undefined, "https://app3.harness.io"],
    ["https://harness.io/ng/#/account/abcDEF123_-x?x=1", undefined, "https://harness.io"],
    ["https://shop.harness.io/ng/account/abcDEF123_-x", "https://harness.corp.example", "https://shop.harness.io"],
    ["https://harness.corp.example/ng/account/abcDEF123_-x/", "https://harness.corp.example", "https://harness.corp.example"],
    ["https://harness.corp.example/ng/account/abcDEF123_-x/", undefined, undefined],
    ["https://harness.io.evil.example/ng/account/abcDEF123_-x", undefined, undefined],
    ["https://evilharness.io/ng/account/abcDEF123_-x", undefined, undefined],
    ["https://app.harness.io@evil.example/ng/account/abcDEF123_-x", undefined, undefined],
    ["https://user:pw@app.harness.io/ng/account/abcDEF123_-x", undefined, undefined],
    ["http://app.harness.io/ng/account/abcDEF123_-x", undefined, undefined],
    ["javascript:alert(1)//account/abcDEF123_-x", undefined, undefined],
    ["https://app.harness.io/ng/account/", undefined, undefined],
    ["https://app.harness.io/ng/account/a%2Fb%2Fc%2Fdef", undefined, undefined],
    ["", undefined, undefined],
    ["abc def ghi", undefined, undefined],
  ])("reads %j, with %s trusted", (text, trusted, origin) => {
    expect(readHarnessAccount(text, trusted)).toEqual(origin === undefined ? undefined : { account: "abcDEF123_-x", origin });
  });
});

test("places are named below their folder, whatever the scheme and however a path is escaped", () => {
  const place = (root: string, uri: string): readonly string[] => [shownPlace(root, { uri, range: rangeAt(11, 0, 1) }), shortPlace(root, { uri, range: rangeAt(11, 0, 1) })];
  expect(place("file:///c%3A/work", "file:///c:/work/a/b%20c.yaml")).toEqual(["a/b c.yaml:12", "b c.yaml:12 in a"]);
  expect(place("vscode-vfs://github/o/r/", "vscode-vfs://github/o/r/p.yaml")).toEqual(["p.yaml:12", "p.yaml:12"]);
  expect(place("file:///work", "file:///workshop/x/y.yaml")).toEqual(["x/y.yaml:12", "y.yaml:12 in x"]);
  expect(place("file:///work", "file:///work/%zz.yaml")).toEqual(["%zz.yaml:12", "%zz.yaml:12"]);
});

test("a notification makes no link of foreign text", () => {
  expect(noticeText("[click](command:workbench.action.quit)\u202e")).toBe("[click] (command:workbench.action.quit)\\u202e");
});

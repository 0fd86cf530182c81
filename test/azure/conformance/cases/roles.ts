import type { RoleName } from "../../vaultAccess.ts";
import { deletedSecret, hiddenValue, setSecret } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, reported } from "../conformanceCase.ts";

const source = documented("Azure role-based access control for Key Vault data plane operations");
const needs = ["roles"] as const;

interface Operation {
  readonly what: string;
  readonly line: string;
  readonly body?: unknown;
  /** The data action that a refusal names. */
  readonly action: string;
  readonly success: number;
}

const operations: readonly Operation[] = [
  { what: "list secrets", line: "GET /secrets", action: "Microsoft.KeyVault/vaults/secrets/readMetadata/action", success: 200 },
  { what: "list versions", line: "GET /secrets/key/versions", action: "Microsoft.KeyVault/vaults/secrets/readMetadata/action", success: 200 },
  { what: "get a value", line: "GET /secrets/key", action: "Microsoft.KeyVault/vaults/secrets/getSecret/action", success: 200 },
  { what: "set a secret", line: "PUT /secrets/key", body: { value: "demo value" }, action: "Microsoft.KeyVault/vaults/secrets/setSecret/action", success: 200 },
  { what: "update a secret", line: "PATCH /secrets/key/", body: { attributes: { enabled: true } }, action: "Microsoft.KeyVault/vaults/secrets/update/action", success: 200 },
  { what: "delete a secret", line: "DELETE /secrets/key", action: "Microsoft.KeyVault/vaults/secrets/delete", success: 200 },
  { what: "recover a secret", line: "POST /deletedsecrets/gone/recover", action: "Microsoft.KeyVault/vaults/secrets/recover/action", success: 200 },
  { what: "purge a secret", line: "DELETE /deletedsecrets/gone", action: "Microsoft.KeyVault/vaults/secrets/purge/action", success: 204 },
];

/** Which of the operations, in their order, each role may do. */
const table: readonly (readonly [RoleName | "no role", string])[] = [
  ["no role", "........"],
  ["Key Vault Reader", "yy......"],
  ["Key Vault Secrets User", "yyy....."],
  ["Key Vault Secrets Officer", "yyyyyyyy"],
  ["Key Vault Administrator", "yyyyyyyy"],
];

/** Azure's roles: what each may do, how a refusal is told, and that a change counts. */
export const roleCases: readonly ConformanceCase[] = [
  ...table.flatMap(([role, allowed]) => operations.map((operation, index) => roleCase(role, operation, allowed[index] === "y"))),
  {
    name: "roles: a refusal names caller, action, resource and vault",
    source: reported("ForbiddenByRbac"),
    needs,
    request: { line: "GET /secrets", as: "guest" },
    expect: {
      status: 403,
      code: "Forbidden",
      inner: "ForbiddenByRbac",
      message: /^Caller is not authorized to perform action on resource\.\r\n[^]*Caller: appid=[0-9a-f-]{36};oid=[0-9a-f-]{36};[^]*Action: '[^']+'\r\nResource: '\/subscriptions\/[^']+'\r\nAssignment: \(not found\)\r\n[^]*Vault: [a-z0-9-]+;location=/,
    },
  },
  {
    name: "roles: one that is given counts",
    source,
    needs,
    async arrange(scene) {
      const before = await scene.send({ line: "GET /secrets", as: "guest" });
      if (before.status !== 403) throw new Error(`Without a role the guest got ${String(before.status)}.`);
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Reader");
    },
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 200, body: { value: [] } },
  },
  {
    name: "roles: one that is taken away counts no more",
    source,
    needs,
    async arrange(scene) {
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Secrets User");
      await scene.must({ line: "GET /secrets", as: "guest" });
      await scene.subject.withdraw(scene.vault, scene.guest);
    },
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, code: "Forbidden", inner: "ForbiddenByRbac" },
  },
  {
    name: "roles: one of another vault does not count",
    source,
    needs,
    async arrange(scene) {
      await scene.subject.grantRole(await scene.subject.makeVault({}), scene.guest, "Key Vault Secrets Officer");
    },
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, inner: "ForbiddenByRbac" },
  },
  {
    name: "roles: an access policy means nothing in a vault of roles",
    source: documented("Azure RBAC vs. access policies"),
    needs: ["roles", "policies"],
    arrange: (scene) => scene.subject.grantPolicy(scene.vault, scene.guest, ["list", "get"]),
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, inner: "ForbiddenByRbac" },
  },
];

function roleCase(role: RoleName | "no role", operation: Operation, allowed: boolean): ConformanceCase {
  return {
    name: `roles: ${role} may ${allowed ? "" : "not "}${operation.what}`,
    source,
    needs,
    async arrange(scene) {
      await setSecret(scene);
      await deletedSecret(scene, "gone");
      if (role !== "no role") await scene.subject.grantRole(scene.vault, scene.guest, role);
    },
    request: { line: operation.line, as: "guest", ...(operation.body === undefined ? {} : { body: operation.body }) },
    expect: allowed
      ? { status: operation.success }
      : { status: 403, code: "Forbidden", inner: "ForbiddenByRbac", message: new RegExp(`Action: '${operation.action.replaceAll("/", "\\/").replaceAll(".", "\\.")}'`), without: hiddenValue },
  };
}

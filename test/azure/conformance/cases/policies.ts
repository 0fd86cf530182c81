import type { PolicyPermission } from "../../vaultAccess.ts";
import { deletedSecret, setSecret } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, recorded, reported } from "../conformanceCase.ts";

const source = documented("Assign a Key Vault access policy");
const vault = { access: "policies" } as const;
const needs = ["policies"] as const;
/** Azure has used both. */
const refusals = ["ForbiddenByPolicy", "AccessDenied"];

interface Operation {
  readonly what: string;
  readonly line: string;
  readonly permission: PolicyPermission;
  readonly body?: unknown;
  readonly success: number;
}

const operations: readonly Operation[] = [
  { what: "list secrets", line: "GET /secrets", permission: "list", success: 200 },
  { what: "list versions", line: "GET /secrets/key/versions", permission: "list", success: 200 },
  { what: "list deleted secrets", line: "GET /deletedsecrets", permission: "list", success: 200 },
  { what: "get a value", line: "GET /secrets/key", permission: "get", success: 200 },
  { what: "get a deleted secret", line: "GET /deletedsecrets/gone", permission: "get", success: 200 },
  { what: "set a secret", line: "PUT /secrets/key", permission: "set", body: { value: "demo value" }, success: 200 },
  { what: "update a secret", line: "PATCH /secrets/key/", permission: "set", body: { attributes: { enabled: true } }, success: 200 },
  { what: "delete a secret", line: "DELETE /secrets/key", permission: "delete", success: 200 },
  { what: "recover a secret", line: "POST /deletedsecrets/gone/recover", permission: "recover", success: 200 },
  { what: "purge a secret", line: "DELETE /deletedsecrets/gone", permission: "purge", success: 204 },
];
const everything: readonly PolicyPermission[] = ["list", "get", "set", "delete", "recover", "purge"];

/** Access policies: each permission by itself, what a refusal says, and the network before either. */
export const policyCases: readonly ConformanceCase[] = [
  ...operations.map((operation): ConformanceCase => policyCase(`policies: ${operation.permission} is enough to ${operation.what}`, operation, [operation.permission], { status: operation.success })),
  ...operations.map(
    (operation): ConformanceCase =>
      policyCase(`policies: without ${operation.permission} nobody may ${operation.what}`, operation, everything.filter((one) => one !== operation.permission), {
        status: 403,
        code: "Forbidden",
        inner: refusals,
        message: new RegExp(
          `^The user, group or application 'appid=[0-9a-f-]{36};oid=[0-9a-f-]{36};numgroups=\\d+;iss=https:\\/\\/sts\\.windows\\.net\\/[0-9a-f-]{36}\\/' does not have secrets ${operation.permission} permission on key vault '[a-z0-9-]+;location=[a-z0-9]+'\\. For help resolving this issue, please see `,
        ),
      }),
  ),
  {
    name: "policies: without get a secret that is not deleted is not found among the deleted ones",
    source: recorded("cant get a disabled secret"),
    needs,
    vault,
    async arrange(scene) {
      await setSecret(scene);
      await scene.subject.grantPolicy(scene.vault, scene.guest, ["list", "delete", "purge"]);
    },
    request: { line: "GET /deletedsecrets/key", as: "guest" },
    expect: { status: 404, code: "SecretNotFound" },
  },
  {
    name: "policies: a permission that is taken away counts no more",
    source,
    needs,
    vault,
    async arrange(scene) {
      await scene.subject.grantPolicy(scene.vault, scene.guest, ["list"]);
      await scene.must({ line: "GET /secrets", as: "guest" });
      await scene.subject.withdraw(scene.vault, scene.guest);
    },
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, inner: refusals },
  },
  {
    name: "policies: a role means nothing in a vault of policies",
    source: documented("Azure RBAC vs. access policies"),
    needs: ["roles", "policies"],
    vault,
    arrange: (scene) => scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Administrator"),
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, inner: refusals },
  },
  {
    name: "network: the firewall speaks before the rights do",
    source: reported("ForbiddenByFirewall"),
    needs: ["network"],
    vault: { network: "firewall" },
    request: { line: "GET /secrets", as: "guest" },
    expect: { status: 403, code: "Forbidden", inner: "ForbiddenByFirewall", message: /^Client address is not authorized and caller is not a trusted service\.\r\nClient address: \d/ },
  },
  {
    name: "network: a vault for private links alone",
    source: reported("ForbiddenByConnection"),
    needs: ["network"],
    vault: { network: "disabled" },
    request: { line: "GET /secrets" },
    expect: { status: 403, code: "Forbidden", inner: "ForbiddenByConnection", message: /^Public network access is disabled and request is not from a trusted service nor via an approved private link\./ },
  },
  {
    name: "network: without a token it is the challenge all the same",
    source: reported("ForbiddenByFirewall"),
    needs: ["network"],
    vault: { network: "disabled" },
    request: { line: "GET /secrets", as: "nobody" },
    expect: { status: 401, code: "Unauthorized" },
  },
];

function policyCase(name: string, operation: Operation, permissions: readonly PolicyPermission[], expect: ConformanceCase["expect"]): ConformanceCase {
  return {
    name,
    source,
    needs,
    vault,
    async arrange(scene) {
      await setSecret(scene);
      await deletedSecret(scene, "gone");
      await scene.subject.grantPolicy(scene.vault, scene.guest, permissions);
    },
    request: { line: operation.line, as: "guest", ...(operation.body === undefined ? {} : { body: operation.body }) },
    expect,
  };
}

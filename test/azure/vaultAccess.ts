/** What a Key Vault request does, as far as permissions tell requests apart. */
export type SecretOperation = "list" | "get" | "set" | "update" | "delete" | "listDeleted" | "getDeleted" | "recover" | "purge";

/** The verbs of an access policy for secrets. */
export type PolicyPermission = (typeof policyPermissions)[number];

export const policyPermissions = ["list", "get", "set", "delete", "recover", "purge"] as const;

/** Built-in roles. Source: Azure's RBAC guide for Key Vault. */
export type RoleName = "Key Vault Reader" | "Key Vault Secrets User" | "Key Vault Secrets Officer" | "Key Vault Administrator";

export type Right = PolicyPermission | RoleName;

const everything: readonly SecretOperation[] = ["list", "get", "set", "update", "delete", "listDeleted", "getDeleted", "recover", "purge"];

const roles: Readonly<Record<RoleName, readonly SecretOperation[]>> = {
  "Key Vault Reader": ["list"],
  "Key Vault Secrets User": ["list", "get"],
  "Key Vault Secrets Officer": everything,
  "Key Vault Administrator": everything,
};

/** The access policy's verb that an operation needs. */
export const policyVerb: Readonly<Record<SecretOperation, PolicyPermission>> = {
  list: "list",
  get: "get",
  set: "set",
  update: "set",
  delete: "delete",
  listDeleted: "list",
  getDeleted: "get",
  recover: "recover",
  purge: "purge",
};

/** The RBAC data action that an operation needs. */
export const dataAction: Readonly<Record<SecretOperation, string>> = {
  list: "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
  get: "Microsoft.KeyVault/vaults/secrets/getSecret/action",
  set: "Microsoft.KeyVault/vaults/secrets/setSecret/action",
  update: "Microsoft.KeyVault/vaults/secrets/update/action",
  delete: "Microsoft.KeyVault/vaults/secrets/delete",
  listDeleted: "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
  getDeleted: "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
  recover: "Microsoft.KeyVault/vaults/secrets/recover/action",
  purge: "Microsoft.KeyVault/vaults/secrets/purge/action",
};

/** Whether these rights allow the operation. Roles count only in an RBAC vault, permissions only in one with policies. */
export function allows(rights: ReadonlySet<Right>, operation: SecretOperation, rbac: boolean): boolean {
  if (!rbac) {
    return rights.has(policyVerb[operation]);
  }
  return [...rights].some((right) => right in roles && roles[right as RoleName].includes(operation));
}

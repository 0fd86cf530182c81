import type { NotVerifiedReason } from "./model/reason.ts";

/** The words for a reason: what is the case, and what to do. */
export interface ReasonWords {
  readonly what: string;
  readonly remedy: string;
  /** Present where the remedy is a change to the file of the reference, to keyline.jsonc or to a file that is missing. */
  readonly isRemediedInFiles?: true;
}

const words: Readonly<Record<NotVerifiedReason, ReasonWords>> = {
  loading: { what: "The vault is still being read", remedy: "Wait a moment" },
  offline: { what: "Vaults are not asked in offline mode", remedy: "Check again without it to verify names, versions and keys" },
  untrusted: { what: "The workspace is in Restricted Mode", remedy: "Trust the workspace to let Keyline ask vaults" },
  "not-approved": { what: "The vault is not approved", remedy: "Run Keyline: Approve a Vault, or name it with --vault on the command line" },
  "not-signed-in": { what: "You are not signed in to Azure", remedy: "Run Keyline: Sign In to Azure, or az login in a terminal" },
  "credential-refused": { what: "Entra refuses the credential that was chosen for this vault", remedy: "Run Keyline: Choose My Credential for a Vault, or renew the client secret" },
  "tenant-not-found": { what: "Entra answered that the tenant does not exist", remedy: "Check tenantId in the connector" },
  "wrong-tenant": { what: "The vault belongs to another tenant than its connector names", remedy: "Correct tenantId in the connector" },
  forbidden: { what: "Your account may not list the vault's secrets", remedy: "Ask for the role Key Vault Reader, or the list permission in the access policy" },
  "network-blocked": { what: "The vault's firewall or private endpoint refuses this machine", remedy: "Connect to the network that may reach it (VPN), or ask for this address to be let in. Harness reaches the vault from its delegate" },
  "vault-not-found": { what: "The vault answered that it does not exist (it may be deleted)", remedy: "Check vaultName in the connector" },
  throttled: { what: "The vault is throttling requests", remedy: "Wait a minute, then check again; an editor does so by itself" },
  unreachable: { what: "The vault could not be reached", remedy: "Check the network, proxy and the vault's name. Harness reaches the vault from its delegate" },
  tls: { what: "The vault's certificate is not trusted on this machine", remedy: "Point NODE_EXTRA_CA_CERTS to your company's root certificate" },
  "service-error": { what: "Azure, or a proxy on the way to it, answered with an error", remedy: "Try again later. If it lasts, check the vault's name and the proxy" },
  "bad-vault-name": { what: "The connector's vault name is missing or invalid", remedy: "Write the vault's short name in the connector's vaultName" },
  "keys-not-allowed": { what: "JSON keys are not read from this vault", remedy: "Run Keyline: Allow Reading JSON Keys of a Vault, or check with --read-json-keys. Values stay on this machine and are not kept" },
  "keys-forbidden": { what: "Your account may list the vault's secrets but not read them, which JSON keys need", remedy: "Ask for the role Key Vault Secrets User, or the get permission in the access policy. Only JSON keys need it" },
  stale: { what: "The last answer of the vault is too old", remedy: "Run Keyline: Refresh Vault Facts" },
  dynamic: { what: "The reference is put together while the pipeline runs", remedy: "Nothing to do" },
  "unknown-identifier": { what: "No file of the workspace defines this identifier in the scope where it is looked up", remedy: "Add its YAML or list it in keyline.jsonc; list the scope under complete to have unknown identifiers reported", isRemediedInFiles: true },
  "unknown-connector": { what: "No file of the workspace defines the connector that the reference leads to", remedy: "Add its YAML or list it in keyline.jsonc; list its scope under complete to have unknown identifiers reported", isRemediedInFiles: true },
  "incomplete-secret": { what: "The secret's definition lacks its connector, or its value or Name", remedy: "Add what is missing there", isRemediedInFiles: true },
  "impossible-name": { what: "No Key Vault secret can have the secret's Name", remedy: "Look in the vault for the name that it has there", isRemediedInFiles: true },
  "unknown-scope": { what: "The file does not say in which scope it lives", remedy: "List it under scopes in keyline.jsonc. If it belongs to an organization or a project, you can write orgIdentifier and projectIdentifier into it instead", isRemediedInFiles: true },
  "unknown-project": { what: "It is not known in which project the file is used", remedy: "Write organization and project into keyline.jsonc, or list the file under scopes there", isRemediedInFiles: true },
  "project-not-configured": { what: "It is not known in which project the file is used: keyline.jsonc names an organization alone", remedy: "Write project into keyline.jsonc, or list the file under scopes there", isRemediedInFiles: true },
  "project-missing": { what: "The organization of the file is known, its project is not", remedy: "List the file with its project under scopes in keyline.jsonc; a pipeline or input set may name it in projectIdentifier", isRemediedInFiles: true },
  "organization-missing": { what: "The file names a project but no organization", remedy: "Write orgIdentifier beside projectIdentifier", isRemediedInFiles: true },
  "project-of-run": { what: "Which project is meant depends on the pipeline that uses this file", remedy: "If it is used in one project only, list it with this project under scopes in keyline.jsonc", isRemediedInFiles: true },
  "scope-placeholder": { what: "A placeholder stands where the organization or the project is named", remedy: "Nothing to do; references with account. are checked all the same" },
  "several-definitions": { what: "Several files define this identifier, and it is not known which of them is meant", remedy: "List the files under scopes in keyline.jsonc, or write orgIdentifier and projectIdentifier into them", isRemediedInFiles: true },
  "other-secret-manager": { what: "The secret is kept in another secret manager than Azure Key Vault", remedy: "Nothing to do; Keyline checks the identifier alone" },
  "json-path": { what: "The key is a JSON path with operators", remedy: "Nothing to do; Keyline checks plain dotted keys" },
  "file-too-large": { what: "The file is longer than 4 MiB, so only the syntax of its references is checked", remedy: "Split it to have the rest checked" },
};

export function reasonWords(reason: NotVerifiedReason): ReasonWords {
  return words[reason];
}

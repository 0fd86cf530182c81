/** Secret YAML in Harness's exact shape and order. No secret's value stands in it: Harness refuses one. */
import { stringify } from "yaml";
import type { Scope } from "../../../server/src/core/model/scope.ts";
import { scopeFields, yamlStyle } from "../connectors/connectorYaml.ts";

/** A secret entity, as it is to be written. */
export interface SecretContent {
  readonly scope: Scope;
  readonly name: string;
  readonly identifier: string;
  readonly description: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly body: SecretBody;
}

export type SecretBody = TextReference | SshCredential | WinRmCredential;

/** A text secret whose value is kept in a vault. */
export interface TextReference {
  readonly type: "SecretText";
  /** The connector as the secret's own scope refers to it. */
  readonly connector: string;
  /** `name[#key][/version]`. */
  readonly path: string;
}

export interface SshCredential {
  readonly type: "SSHKey";
  readonly port: number;
  readonly auth: SshAuth | KerberosAuth;
}

/** `key`, `password` and `encryptedPassphrase` refer to Harness secrets. */
export type SshAuth =
  | { readonly type: "SSH"; readonly credentialType: "KeyReference"; readonly userName: string; readonly key: string; readonly encryptedPassphrase?: string }
  | { readonly type: "SSH"; readonly credentialType: "KeyPath"; readonly userName: string; readonly keyPath: string; readonly encryptedPassphrase?: string }
  | { readonly type: "SSH"; readonly credentialType: "Password"; readonly userName: string; readonly password: string };

export interface KerberosAuth {
  readonly type: "Kerberos";
  readonly principal: string;
  readonly realm: string;
  /** Where the ticket comes from; absent where the delegate has one already. */
  readonly tgt?: { readonly method: "KeyTabFilePath"; readonly keyPath: string } | { readonly method: "Password"; readonly password: string };
}

export interface WinRmCredential {
  readonly type: "WinRmCredentials";
  readonly port: number;
  readonly auth: NtlmAuth | KerberosAuth;
  readonly useSSL: boolean;
  readonly skipCertChecks: boolean;
  readonly useNoProfile: boolean;
  readonly parameters: readonly { readonly parameter: string; readonly value: string }[];
}

export interface NtlmAuth {
  readonly type: "NTLM";
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

/** The file of a new secret. */
export function secretYaml({ scope, name, identifier, description, tags, body }: SecretContent): string {
  const secret = { type: body.type, name, identifier, ...scopeFields(scope), tags: Object.fromEntries(tags), description, spec: specOf(body) };
  return stringify({ secret }, yamlStyle);
}

function specOf(body: SecretBody): object {
  switch (body.type) {
    case "SecretText":
      return { secretManagerIdentifier: body.connector, valueType: "Reference", value: body.path };
    case "SSHKey":
      return { port: body.port, auth: body.auth.type === "SSH" ? sshAuth(body.auth) : { type: "Kerberos", spec: kerberosSpec(body.auth) } };
    case "WinRmCredentials":
      return { port: body.port, auth: winRmAuth(body), parameters: body.parameters };
  }
}

function sshAuth({ type, credentialType, ...spec }: SshAuth): object {
  return { type, spec: { credentialType, spec } };
}

function kerberosSpec({ principal, realm, tgt }: KerberosAuth): object {
  if (tgt === undefined) return { principal, realm };
  const { method, ...spec } = tgt;
  return { principal, realm, tgtGenerationMethod: method, spec };
}

function winRmAuth({ auth, useSSL, skipCertChecks, useNoProfile }: WinRmCredential): object {
  const flags = { useSSL, skipCertChecks, useNoProfile };
  if (auth.type === "Kerberos") return { type: "Kerberos", spec: { ...kerberosSpec(auth), ...flags } };
  const { type, ...spec } = auth;
  return { type, spec: { ...spec, ...flags } };
}

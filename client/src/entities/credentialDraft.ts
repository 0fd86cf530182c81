/** The answers on the way to an SSH or WinRM credential. Passwords and keys are references to Harness secrets. */
import { draftScope, draftTags } from "../connectors/wizard/connectorDraft.ts";
import type { EntityFile } from "./entityFile.ts";
import { entityPath } from "./entityFile.ts";
import type { ScopeDraft } from "./scopeSteps.ts";
import type { KerberosAuth, NtlmAuth, SecretBody, SshAuth } from "./secretYaml.ts";
import { secretYaml } from "./secretYaml.ts";

export interface CredentialDraft extends ScopeDraft {
  readonly description?: string;
  /** As typed: `key:value, key`. */
  readonly tags?: string;
  readonly port?: string;
  readonly auth?: "SSH" | "NTLM" | "Kerberos";
  readonly credentialType?: "KeyReference" | "KeyPath" | "Password";
  readonly userName?: string;
  readonly key?: string;
  readonly keyPath?: string;
  /** Empty where the key has none. */
  readonly encryptedPassphrase?: string;
  readonly password?: string;
  readonly domain?: string;
  readonly principal?: string;
  readonly realm?: string;
  readonly tgt?: "none" | "KeyTabFilePath" | "Password";
  readonly useSSL?: boolean;
  readonly skipCertChecks?: boolean;
  readonly useNoProfile?: boolean;
  /** As typed: `name=value, name=value`. */
  readonly parameters?: string;
}

export type CredentialKind = "SSHKey" | "WinRmCredentials";

/** The file of a complete draft. */
export function credentialFile(kind: CredentialKind, draft: CredentialDraft): EntityFile | undefined {
  const scope = draftScope(draft);
  const { name, identifier, description = "", tags = "" } = draft;
  const body = credentialBody(kind, draft);
  if (scope === undefined || name === undefined || identifier === undefined || body === undefined) return undefined;
  return {
    noun: "secret",
    path: entityPath(scope, "secrets", identifier),
    yaml: secretYaml({ scope, name, identifier, description, tags: draftTags(tags), body }),
    status: ["Not tested: only a Harness delegate can sign in with it."],
  };
}

function credentialBody(kind: CredentialKind, draft: CredentialDraft): SecretBody | undefined {
  const port = Number(draft.port);
  if (kind === "SSHKey") {
    const auth = draft.auth === "SSH" ? sshAuth(draft) : kerberosAuth(draft);
    return auth === undefined ? undefined : { type: "SSHKey", port, auth };
  }
  const auth = draft.auth === "NTLM" ? ntlmAuth(draft) : kerberosAuth(draft);
  const { useSSL = true, skipCertChecks = false, useNoProfile = true } = draft;
  return auth === undefined ? undefined : { type: "WinRmCredentials", port, auth, useSSL, skipCertChecks, useNoProfile, parameters: readParameters(draft.parameters ?? "") };
}

function sshAuth({ credentialType, userName, key, keyPath, password, encryptedPassphrase = "" }: CredentialDraft): SshAuth | undefined {
  if (userName === undefined) return undefined;
  const passphrase = encryptedPassphrase === "" ? {} : { encryptedPassphrase };
  if (credentialType === "KeyReference" && key !== undefined) return { type: "SSH", credentialType, userName, key, ...passphrase };
  if (credentialType === "KeyPath" && keyPath !== undefined) return { type: "SSH", credentialType, userName, keyPath, ...passphrase };
  return credentialType === "Password" && password !== undefined ? { type: "SSH", credentialType, userName, password } : undefined;
}

function kerberosAuth({ principal, realm, tgt, keyPath, password }: CredentialDraft): KerberosAuth | undefined {
  if (principal === undefined || realm === undefined) return undefined;
  if (tgt === "KeyTabFilePath" && keyPath !== undefined) return { type: "Kerberos", principal, realm, tgt: { method: tgt, keyPath } };
  if (tgt === "Password" && password !== undefined) return { type: "Kerberos", principal, realm, tgt: { method: tgt, password } };
  return { type: "Kerberos", principal, realm };
}

function ntlmAuth({ domain, userName, password }: CredentialDraft): NtlmAuth | undefined {
  return domain === undefined || userName === undefined || password === undefined ? undefined : { type: "NTLM", domain, username: userName, password };
}

/** `name=value, name=value`; a value may hold `=`. */
export function readParameters(typed: string): readonly { readonly parameter: string; readonly value: string }[] {
  return typed.split(",").map((part) => part.trim()).filter((part) => part !== "").map((part) => {
    const equals = part.indexOf("=");
    return equals < 0 ? { parameter: part, value: "" } : { parameter: part.slice(0, equals).trim(), value: part.slice(equals + 1).trim() };
  });
}

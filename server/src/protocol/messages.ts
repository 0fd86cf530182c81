/**
 * Keyline's own LSP messages, between the extension host and the language server.
 * None carries a credential or a secret's value.
 */
import type { AzureDirectory } from "../core/model/azureDirectory.ts";
import type { KeyVaultSettings } from "../core/model/entities.ts";
import type { VaultFacts, VaultWant } from "../core/model/facts.ts";
import type { FileScope } from "../core/model/scope.ts";
import type { TextRange } from "../core/model/textRange.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";

/** `initializationOptions` of the language server. All are optional; a client other than ours sends none. */
export interface KeylineInitializationOptions {
  /** True where the client serves facts (`keyline/wants`, `keyline/facts`): the server then opens no socket. */
  readonly clientFacts?: boolean;
  /** Stand-alone only: call Azure from this process. Default false. */
  readonly verify?: boolean;
  /** Stand-alone only: which credential opens the vaults. Default `azure-cli`. */
  readonly credential?: "azure-cli" | "environment";
  /** Stand-alone only: read values to list the key names of their JSON. Default false. */
  readonly readJsonKeys?: boolean;
  /** False in Restricted Mode: nothing is read beyond open documents. Default true. */
  readonly trusted?: boolean;
  /** The version of the sending extension, for the log. */
  readonly clientVersion?: string;
}

/** Server to client, notification: all that the open documents need to know of vaults, replacing what was asked before. */
export const wantsMessage = "keyline/wants";
export interface WantsParams {
  readonly wants: readonly VaultWant[];
  /** The vaults whose connectors stand in open documents: what Resource Manager says of them is worth knowing. */
  readonly directoryOf?: readonly VaultTarget[];
}

/** Client to server, notification: what is known now of these vaults. A vault not named keeps what was said of it. */
export const factsMessage = "keyline/facts";
export interface FactsParams {
  readonly vaults: readonly VaultFacts[];
}

/** Client to server, notification: the workspace has become trusted. */
export const trustMessage = "keyline/trust";
export interface TrustParams {
  readonly trusted: boolean;
}

/**
 * Client to server, request: why the reference at that place is not verified, so that a hover can offer what mends it.
 * Answered null where nothing is to be said: the reference is verified, or there is none.
 */
export const reasonMessage = "keyline/reason";
export interface ReasonParams {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}
/** A `NotVerifiedReason` of the core. */
export type ReasonResult = { readonly reason: string } | null;

/** Server to client, notification: how far the references of one document are verified, for the language status item. */
export const documentStateMessage = "keyline/documentState";
export interface DocumentStateParams {
  readonly uri: string;
  /** With the paths of the secrets that the document defines. */
  readonly references: number;
  readonly verified: number;
  readonly findings: number;
  /** For each reason (an `UnknownReason` or a reason of the core), how many references it keeps from being verified. */
  readonly notVerified: Readonly<Record<string, number>>;
  /** The vaults behind the document's references. */
  readonly vaults: readonly { readonly name: string; readonly cloud: string; readonly tenant?: string; readonly state: string }[];
}

/** Client to server, notification: what Resource Manager has told, replacing what was said before. */
export const directoryMessage = "keyline/directory";
export interface DirectoryParams {
  readonly directory: AzureDirectory;
}

/** Client to server, request without parameters: the connectors of all folders, with the places that refer to each. */
export const connectorsMessage = "keyline/connectors";
export interface ConnectorsResult {
  readonly connectors: readonly ConnectorRow[];
  /** True where every file of every folder has been read, so that a use which is not listed does not exist. */
  readonly complete: boolean;
  /** True while files of the workspace are still being read. */
  readonly reading: boolean;
}

/**
 * Server to client, notification without content: the last answers to `keyline/connectors` and `keyline/secretUses` may
 * be out of date. Sent once after answers, so never to a client that does not ask; both are then to be asked anew.
 */
export const connectorsChangedMessage = "keyline/connectorsChanged";

/** LSP's own shape. */
export type ProtocolRange = TextRange;

export interface ConnectorRow {
  /** One per connector: folder, scope, identifier. */
  readonly key: string;
  /** The workspace folder's URI. */
  readonly folder: string;
  readonly scope: FileScope;
  readonly identifier: string;
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly (readonly [string, string])[];
  /** Harness's connector type. */
  readonly type: string;
  readonly vault?: VaultTarget;
  readonly settings?: KeyVaultSettings;
  /** Where the identifier stands: a YAML file or keyline.jsonc. */
  readonly uri: string;
  readonly range: ProtocolRange;
  /** The secrets that are kept in it, and the places that refer to it through one of them or by a path. */
  readonly secrets: readonly ConnectorUse[];
  readonly references: readonly ConnectorUse[];
}

/** A place in the workspace. */
export interface ConnectorUse {
  readonly uri: string;
  readonly range: ProtocolRange;
  /** The identifier or reference as it stands there. */
  readonly text: string;
}

/**
 * Client to server, request without parameters: the Key Vault secrets that the workspace names, with the places that
 * lead to each. `keyline/connectorsChanged` tells when the answer may be out of date.
 */
export const secretUsesMessage = "keyline/secretUses";
export interface SecretUsesResult {
  readonly secrets: readonly SecretUseRow[];
  /** As in `ConnectorsResult`. */
  readonly complete: boolean;
  readonly reading: boolean;
}

/** One row per vault (`vaultKey`) and name in lower case. */
export interface SecretUseRow {
  readonly vault: VaultTarget;
  /** As it is written at its first place. */
  readonly name: string;
  /** Expressions and plain references that lead to it, directly or through an entity. */
  readonly references: readonly SecretUse[];
  /** `secret:` entities whose path is this secret, and those (Inline, SecretFile) that Harness keeps under it by their Name. */
  readonly entities: readonly SecretUse[];
}

export interface SecretUse extends ConnectorUse {
  readonly version?: string;
  readonly jsonKey?: string;
}

/**
 * Client to server, request: the secret that the reference at that place leads to, whether the vault holds it or not; at
 * the path, identifier or (where it is kept under that) Name of a `secret:` entity in its own file, where that one is kept.
 * Null where there is no reference. What the chain does not reach is absent; a path through a connector that no file
 * defines has a name all the same.
 */
export const referenceAtMessage = "keyline/referenceAt";
export interface ReferenceAtParams {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}
export type ReferenceAtResult = ReferenceAt | null;
export interface ReferenceAt {
  /** Of the whole reference. */
  readonly range: ProtocolRange;
  /** What stands between the quotes, or in the field. */
  readonly text: string;
  readonly vault?: VaultTarget;
  /** The name in the vault. */
  readonly name?: string;
  readonly version?: string;
  readonly jsonKey?: string;
  /** The entity on the way, where the reference names one that exists. */
  readonly entity?: { readonly uri: string; readonly range: ProtocolRange; readonly identifier: string };
  /** Set where the reference names an identifier that no file defines. */
  readonly unknownIdentifier?: { readonly level: "account" | "org" | "project"; readonly identifier: string };
}

/**
 * Client to server, request: how a text at that place refers to a secret of a vault. What stands in `range` is to be
 * replaced by `text`: then the text there leads to that very secret and has no new fault. Null where no reference to it
 * can stand: outside Harness YAML, in keys, comments and other expressions, in what a `secret:` says of itself, and in the
 * credential of a secret manager, which Harness takes from its built-in one. No choices where nothing in the workspace
 * leads to the secret: then an entity or a connector is missing.
 */
export const secretTextMessage = "keyline/secretText";
export interface SecretTextParams {
  readonly textDocument: { readonly uri: string };
  /** A selection, or an empty range where something is dropped or pasted. */
  readonly range: ProtocolRange;
  readonly vault: VaultTarget;
  readonly name: string;
  readonly version?: string;
  /** As the grammar writes it: names joined by dots for a nested key. */
  readonly jsonKey?: string;
}
export type SecretTextResult = { readonly choices: readonly SecretTextChoice[] } | null;
/** Best first: through entities that can be seen from the document's scope, then by a path through a connector. */
export interface SecretTextChoice {
  readonly range: ProtocolRange;
  /** Ready for its place: escaped or quoted as the scalar there needs it. */
  readonly text: string;
  /**
   * `expression`: a whole `<+secrets.getValue("…")>`, or the argument alone where the place is in the quotes of one;
   * `plain`: a bare reference in a field that takes one; `path`: in `spec.value` of a text secret of type Reference.
   */
  readonly form: "expression" | "plain" | "path";
  /** `connector` for a path, also in an entity that is kept in that connector. */
  readonly through: "entity" | "connector";
  /** As the reference names the entity or connector, scope prefix included. */
  readonly identifier: string;
}

/** Client to server, request without parameters: the `secret:` entities of all folders, of every type and secret manager. */
export const secretEntitiesMessage = "keyline/secretEntities";
export interface SecretEntitiesResult {
  readonly entities: readonly SecretEntityRow[];
}
export interface SecretEntityRow {
  /** The workspace folder's URI. */
  readonly folder: string;
  /** The file that defines it: YAML or keyline.jsonc. */
  readonly uri: string;
  readonly scope: FileScope;
  readonly identifier: string;
  readonly name?: string;
  /** Harness's secret type: SecretText, SecretFile, SSHKey or WinRmCredentials. */
  readonly type: string;
}

import type { ConnectorEntity, Entity, SecretEntity } from "../model/entities.ts";
import type { SecretAttributes, SecretVersion, VaultWant } from "../model/facts.ts";
import type { Finding } from "../model/finding.ts";
import type { NotVerifiedReason } from "../model/reason.ts";
import type { Scope } from "../model/scope.ts";
import type { Span } from "../model/span.ts";
import type { VaultTarget } from "../model/vaultTarget.ts";

/**
 * How far one reference could be followed: Harness secret, connector, vault, name, version, JSON key.
 * What is absent was not reached.
 */
export interface Chain {
  /** The scope that the secret, or the connector of a path, was looked up in. */
  readonly scope?: Scope;
  readonly secret?: SecretEntity;
  /** True where the secret is kept in Harness's own secret manager, which no file defines. */
  readonly builtIn?: true;
  readonly connector?: ConnectorEntity;
  /** The definitions of one identifier of which it is not known which is meant. */
  readonly several?: readonly Entity[];
  readonly vault?: VaultTarget;
  readonly name?: string;
  readonly version?: string;
  readonly key?: string;
  /** The version that the reference resolves to, where it is known. */
  readonly resolved?: SecretAttributes | SecretVersion;
  /** What is wrong; empty where nothing is, or where it cannot be told. */
  readonly findings: readonly Finding[];
  /** Why the chain could not be followed to its end. */
  readonly unverified?: NotVerifiedReason;
  /** What must be known of the vault to follow the chain. */
  readonly want?: VaultWant;
}

/** Where findings about the parts of a chain are shown. Parts that stand in another file share the span of the identifier. */
export interface Anchors {
  readonly identifier: Span;
  readonly connector: Span;
  readonly name: Span;
  readonly version: Span;
  readonly key: Span;
  /** True where name, version and key stand in this document, so that a fix can replace them. */
  readonly editable: boolean;
  /** Begins a message about something that stands elsewhere, for one `Secret account.db (path in secrets.yaml): `. */
  readonly lead: string;
}

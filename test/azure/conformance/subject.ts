import type { RawAnswer, RawRequest } from "../sendRaw.ts";
import type { PolicyPermission, RoleName } from "../vaultAccess.ts";

/** What an implementation of Azure can do at all. A case that needs more than a subject has is left out there. */
export type Capability =
  /** Tokens come from an Entra that checks who asks. */
  | "entra"
  /** A second tenant, whose tokens are good but not for this vault. */
  | "tenants"
  /** The time can be moved on. */
  | "clock"
  /** Built-in roles decide in vaults that are made so. */
  | "roles"
  /** Access policies decide in the others. */
  | "policies"
  | "purgeProtection"
  /** Vaults that keep what was deleted for less than 90 days. */
  | "retention"
  /** A firewall, and vaults that only a private link reaches. */
  | "network"
  | "resourceManager";

export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
}

export interface VaultWish {
  /** Roles where absent. */
  readonly access?: "roles" | "policies";
  readonly purgeProtection?: boolean;
  /** 90 where absent. */
  readonly retentionDays?: number;
  readonly network?: "firewall" | "disabled";
}

export interface SubjectVault {
  readonly name: string;
  readonly resourceGroup: string;
}

/** A case that one subject answers otherwise, and why that is so. */
export interface KnownDifference {
  readonly case: string;
  readonly reason: string;
}

/** One implementation of Azure as the suite needs it. Requests name Azure's real hosts; the subject sends them where it runs. */
export interface Subject {
  readonly name: string;
  readonly capabilities: ReadonlySet<Capability>;
  readonly knownDifferences: readonly KnownDifference[];
  readonly tenant: string;
  readonly subscription: string;
  /** A vault that nobody may use yet. */
  readonly makeVault: (wish: VaultWish) => Promise<SubjectVault>;
  /** An application that has no right anywhere. */
  readonly makeApplication: () => Promise<Application>;
  readonly grantRole: (vault: SubjectVault, application: Application, role: RoleName) => Promise<void>;
  readonly grantPolicy: (vault: SubjectVault, application: Application, permissions: readonly PolicyPermission[]) => Promise<void>;
  /** Takes all rights of the application in this vault. */
  readonly withdraw: (vault: SubjectVault, application: Application) => Promise<void>;
  /** Reader on the subscription. */
  readonly grantReader: (application: Application) => Promise<void>;
  /** A token as Entra gives it; `elsewhere` is one of another tenant. */
  readonly tokenFor: (application: Application, audience: string, elsewhere?: "elsewhere") => Promise<string>;
  readonly advance: (milliseconds: number) => Promise<void>;
  readonly send: (request: RawRequest) => Promise<RawAnswer>;
  /** Sends this process's own SDK calls to the subject until the returned function is called. */
  readonly route: () => () => void;
  readonly stop: () => Promise<void>;
}

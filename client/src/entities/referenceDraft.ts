import type { ScopeLevel } from "../../../server/src/core/model/scope.ts";
import { scopeWords } from "../../../server/src/core/model/scope.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import { identifierFromName, isConnectorIdentifier } from "../../../server/src/core/model/identifiers.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { ScopeAsker } from "../connectors/askScope.ts";
import { connectorReference, isKeyVault } from "../connectors/connectorSource.ts";
import type { Told } from "../connectors/toldScope.ts";
import { isTold } from "../connectors/toldScope.ts";
import { draftScope } from "../connectors/wizard/connectorDraft.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { noticeText } from "../ui/noticeText.ts";
import type { EntityFile } from "./entityFile.ts";
import { entityPath } from "./entityFile.ts";
import type { ReferenceTest } from "./referenceTest.ts";
import type { ScopeDraft } from "./scopeSteps.ts";
import { secretPath } from "./secretPath.ts";
import { secretYaml } from "./secretYaml.ts";

/** The answers on the way to an entity that refers to a secret of a vault. */
export interface ReferenceDraft extends ScopeDraft {
  /** Connectors of this vault alone are offered, where it is set. */
  readonly vault?: VaultTarget;
  /** The entity is for a reference that is there already, so that it can only be used from this level. */
  readonly wantedLevel?: ScopeLevel;
  readonly connector?: Told<ConnectorRow>;
  readonly secret?: string | undefined;
  /** Empty for the latest, whichever that is when Harness reads it. */
  readonly version?: string | undefined;
  readonly jsonKeys?: readonly string[] | undefined;
  readonly test?: ReferenceTest | undefined;
}

const levels: readonly ScopeLevel[] = ["account", "org", "project"];

/** The connectors that a new entity can be kept in. Those whose scope is not told come last: it is asked for where one is chosen. */
export function usableConnectors(rows: readonly ConnectorRow[], draft: Pick<ReferenceDraft, "vault" | "wantedLevel">): readonly ConnectorRow[] {
  const { vault } = draft;
  const usable = rows.filter((row) => {
    if (!isKeyVault(row) || row.vault === undefined || !isConnectorIdentifier(row.identifier)) return false;
    if (vault !== undefined && vaultKey(vault) !== vaultKey(row.vault)) return false;
    return !isTold(row) || isSeen(row, draft);
  });
  return [...usable.filter(isTold), ...usable.filter((row) => !isTold(row))];
}

function isSeen({ scope }: Told<ConnectorRow>, { wantedLevel = "project" }: Pick<ReferenceDraft, "wantedLevel">): boolean {
  return levels.indexOf(scope.level) <= levels.indexOf(wantedLevel);
}

/** The connector with its scope, asked for where its file does not say it. Undefined, and said, where the entity would not see it; undefined too where the person left. */
export async function toldConnector(scopes: ScopeAsker, { tell }: Pick<Dialogs, "tell">, draft: ReferenceDraft, row: ConnectorRow): Promise<Told<ConnectorRow> | undefined> {
  const told = await scopes.told(row);
  if (told === undefined || isSeen(told, draft)) return told;
  tell(`The connector ${noticeText(row.identifier)} lives in ${noticeText(scopeWords(told.scope))}, which a secret of ${draft.wantedLevel === "account" ? "the account" : "an organization"} does not see. Choose another connector.`);
  return undefined;
}

/** The level below which the entity must lie, so that it sees its connector. */
export function connectorLevel({ connector }: ReferenceDraft): ScopeLevel {
  return connector?.scope.level ?? "account";
}

/** The connector, with the part of the scope that it decides. What was answered for another vault is dropped. */
export function withConnector(draft: ReferenceDraft, connector: Told<ConnectorRow>): Partial<ReferenceDraft> {
  const { scope, vault } = connector;
  const isSame = draft.connector === undefined || (vault !== undefined && draft.connector.vault !== undefined && vaultKey(vault) === vaultKey(draft.connector.vault));
  return {
    connector,
    ...(scope.level === "project" ? { level: "project", org: scope.org, project: scope.project } : {}),
    ...(scope.level === "org" ? { org: scope.org } : {}),
    ...(isSame ? {} : { secret: undefined, version: undefined, jsonKeys: undefined, test: undefined }),
  };
}

/** A Name that Harness takes, from what it refers to. */
export function presetName({ identifier, secret = "", jsonKeys = [] }: ReferenceDraft): string {
  return identifier ?? [secret, ...jsonKeys].join(" ").replace(/[^0-9A-Za-z _.-]/g, "").trim().slice(0, 128);
}

export function presetIdentifier({ name = "" }: ReferenceDraft): string {
  return identifierFromName(name);
}

/** `name[#key][/version]` of the draft. */
export function draftPath({ secret = "", version = "", jsonKeys = [] }: ReferenceDraft): string {
  return secretPath({ name: secret, jsonKeys, ...(version === "" ? {} : { version }) });
}

/** The file of a complete draft. */
export function referenceFile(draft: ReferenceDraft): EntityFile | undefined {
  const scope = draftScope(draft);
  const { connector, name, identifier, test } = draft;
  if (scope === undefined || connector === undefined || name === undefined || identifier === undefined || draft.secret === undefined) return undefined;
  const body = { type: "SecretText", connector: connectorReference(connector), path: draftPath(draft) } as const;
  return {
    noun: "secret",
    path: entityPath(scope, "secrets", identifier),
    yaml: secretYaml({ scope, name, identifier, description: "", tags: [], body }),
    status: [test?.words[0] ?? "Not tested."],
  };
}

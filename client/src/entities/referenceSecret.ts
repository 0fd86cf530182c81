/** Keyline: Reference an Existing Secret. */
import type { Scope } from "../../../server/src/core/model/scope.ts";
import { draftScope } from "../connectors/wizard/connectorDraft.ts";
import { createScopeAsker } from "../connectors/askScope.ts";
import { connectorChoice } from "../connectors/connectorSource.ts";
import { restrictedEditMessage } from "../connectors/deleteConnector.ts";
import { noticeText } from "../ui/noticeText.ts";
import type { EntityContext } from "./entityContext.ts";
import type { FilePlace } from "./entityFile.ts";
import type { ReferenceDraft } from "./referenceDraft.ts";
import { referenceFile, toldConnector, usableConnectors, withConnector } from "./referenceDraft.ts";
import { referenceSteps } from "./referenceSteps.ts";
import { runEntity } from "./runEntity.ts";

/** An entity that was written. */
export interface WrittenSecret {
  readonly scope: Scope;
  readonly identifier: string;
  readonly place: FilePlace;
}

const title = "Reference an Existing Secret";

/** Asks for what `start` leaves open, and writes the entity. Says where it cannot be done. Undefined where nothing was written. */
export async function referenceSecret(context: EntityContext, start: ReferenceDraft): Promise<WrittenSecret | undefined> {
  const { dialogs } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return undefined;
  }
  const [rows, known] = await Promise.all([context.connectors.load(), context.knownSecrets()]);
  const usable = usableConnectors(rows, start);
  const [only] = usable;
  if (only === undefined) {
    dialogs.tell(noConnectorWords(start));
    return undefined;
  }
  // What the command was given is not asked for again, so its connector comes first.
  const scopes = createScopeAsker(context, [...rows, ...known].map(({ scope }) => scope));
  const picked = usable.length === 1 ? only : start.secret === undefined ? undefined : await dialogs.pick(`Through which connector does Harness reach ${start.vault?.name ?? "the vault"}?`, usable.map(connectorChoice));
  if (picked === undefined && start.secret !== undefined) return undefined;
  const connector = picked === undefined ? undefined : await toldConnector(scopes, dialogs, start, picked);
  if (picked !== undefined && connector === undefined) return undefined;
  const draft = connector === undefined ? start : { ...start, ...withConnector(start, connector) };
  const written = await runEntity<ReferenceDraft>(context, { title, steps: referenceSteps(context, rows, known, scopes), fileOf: referenceFile }, draft, draft.connector === undefined ? undefined : firstOpen(draft));
  const scope = written === undefined ? undefined : draftScope(written.answers);
  if (written === undefined || scope === undefined) return undefined;
  const { identifier = "", test } = written.answers;
  dialogs.tell(`${noticeText(written.place.shown)} is written. ${test?.words.join(" ") ?? "What it refers to was not tested."}`);
  return { scope, identifier, place: written.place };
}

/** Steps whose answer was given with the command are passed over; Back still leads to them. */
function firstOpen({ secret, version, jsonKeys }: ReferenceDraft): string {
  if (secret === undefined) return "secret";
  if (version === undefined) return "version";
  if (jsonKeys === undefined) return "jsonKeys";
  return "level";
}

function noConnectorWords({ vault, wantedLevel }: ReferenceDraft): string {
  if (vault === undefined && wantedLevel === undefined) return "No file that was read defines an Azure Key Vault connector, and a secret must name one. Run Keyline: New Azure Key Vault Connector first.";
  const which = vault === undefined ? "an Azure Key Vault" : `the vault ${vault.name}`;
  const where = wantedLevel === undefined || wantedLevel === "project" ? "" : wantedLevel === "account" ? " at account level" : " at organization level or above";
  return `No connector that is known leads to ${which}${where}, and a secret must name one. Run Keyline: New Azure Key Vault Connector first.`;
}

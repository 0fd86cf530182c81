/** Keyline: New SSH Credential, New WinRM Credential. */
import { createScopeAsker } from "../connectors/askScope.ts";
import { restrictedEditMessage } from "../connectors/deleteConnector.ts";
import { noticeText } from "../ui/noticeText.ts";
import type { CredentialDraft, CredentialKind } from "./credentialDraft.ts";
import { credentialFile } from "./credentialDraft.ts";
import { credentialSteps } from "./credentialSteps.ts";
import type { EntityContext } from "./entityContext.ts";
import { runEntity } from "./runEntity.ts";

export async function newCredential(context: EntityContext, kind: CredentialKind): Promise<void> {
  const { dialogs } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedEditMessage);
    return;
  }
  const [rows, known] = await Promise.all([context.connectors.load(), context.knownSecrets()]);
  const title = kind === "SSHKey" ? "New SSH Credential" : "New WinRM Credential";
  const scopes = createScopeAsker(context, [...rows, ...known].map(({ scope }) => scope));
  const steps = credentialSteps(kind, rows.map(({ scope }) => scope), { rows: known, scopes, dialogs });
  const written = await runEntity<CredentialDraft>(context, { title, steps, fileOf: (draft) => credentialFile(kind, draft) }, {});
  if (written !== undefined) dialogs.tell(`${noticeText(written.place.shown)} is written. Its passwords and keys stay in the Harness secrets that it names.`);
}

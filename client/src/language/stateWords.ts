import type { NotVerifiedReason } from "../../../server/src/core/model/reason.ts";
import type { DocumentStateParams } from "../../../server/src/protocol/messages.ts";

/** A command as it is offered to a person. */
interface CommandWords {
  readonly id: string;
  readonly title: string;
}

/** What the language status item shows of one document. */
export interface StateWords {
  /** Two or three words. */
  readonly text: string;
  /** One sentence: how far, and what to do. */
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
  readonly busy: boolean;
  /** The command that mends the state, or that tells more about it. */
  readonly command: CommandWords;
}

interface ReasonWords {
  readonly text: string;
  readonly remedy: string;
  readonly severity?: "warning" | "error";
  readonly command?: CommandWords;
}

const showState = { id: "keyline.showState", title: "Details" };
const showLog = { id: "keyline.showLog", title: "Show Log" };
const refresh = { id: "keyline.refresh", title: "Refresh" };
const approve = { id: "keyline.approveVault", title: "Approve a Vault…" };
const signIn = { id: "keyline.signIn", title: "Sign In…" };

/** In order: where several reasons hold, the first is shown, because mending it may mend the others. */
const words: Readonly<Record<NotVerifiedReason, ReasonWords>> = {
  untrusted: {
    text: "Restricted Mode",
    remedy: "Trust this workspace to check them.",
    severity: "warning",
    command: { id: "workbench.trust.manage", title: "Manage Trust" },
  },
  "not-approved": { text: "Vault not approved", remedy: "Approve the vault to check them.", severity: "warning", command: approve },
  "not-signed-in": { text: "Not signed in", remedy: "Sign in to Azure to check them.", severity: "warning", command: signIn },
  "credential-refused": {
    text: "Credential refused",
    remedy: "Entra refuses the credential chosen for the vault on this machine. Choose another one, or renew its client secret.",
    severity: "warning",
    command: { id: "keyline.chooseVaultCredential", title: "Choose My Credential…" },
  },
  "tenant-not-found": {
    text: "Tenant not found",
    remedy: "Entra answers that this tenant does not exist. Check the connector's tenantId.",
    severity: "warning",
    command: showState,
  },
  "wrong-tenant": {
    text: "Wrong tenant",
    remedy: "The vault belongs to another tenant than the connector names. Correct the connector's tenant, or sign in to that tenant. Harness signs in with the connector's own identity.",
    severity: "warning",
    command: signIn,
  },
  offline: { text: "Offline", remedy: "Connect to the network, then refresh.", severity: "warning", command: refresh },
  tls: {
    text: "Connection not secure",
    remedy: "The vault's certificate is not trusted here. Check the proxy and the system's certificates.",
    severity: "warning",
    command: showLog,
  },
  "network-blocked": {
    text: "Blocked by the vault's network",
    remedy: "The vault's firewall refuses this network. Use the VPN or the private endpoint, then refresh. Harness's delegate may be let in.",
    severity: "warning",
    command: refresh,
  },
  unreachable: { text: "Vault not reachable", remedy: "Check the network and the vault's name, then refresh. Harness reaches the vault from its delegate.", severity: "warning", command: refresh },
  forbidden: {
    text: "No permission",
    remedy: "Your identity here, not the connector's, lacks a right: ask for Key Vault Reader, or the list permission, or choose another credential.",
    severity: "warning",
    command: { id: "keyline.chooseVaultCredential", title: "Choose My Credential…" },
  },
  "vault-not-found": {
    text: "Vault not found",
    remedy: "Azure answers that this vault does not exist. Check the connector's vault name.",
    severity: "warning",
    command: showState,
  },
  "bad-vault-name": { text: "Invalid vault name", remedy: "Correct the vault name in the connector.", severity: "warning", command: showState },
  throttled: { text: "Vault is throttling", remedy: "Keyline tries again by itself.", severity: "warning", command: refresh },
  "service-error": { text: "Vault has a fault", remedy: "Azure Key Vault answered with an error. Keyline tries again by itself.", severity: "warning", command: refresh },
  "keys-not-allowed": {
    text: "JSON keys not read",
    remedy: "Allow reading JSON keys of the vault to check them.",
    command: { id: "keyline.allowJsonKeys", title: "Allow…" },
  },
  "keys-forbidden": {
    text: "JSON keys refused",
    remedy: "Your identity here, not the connector's, may list the vault's secrets but not read them, which only JSON keys need: ask for Key Vault Secrets User, or the get permission, or choose another credential.",
    severity: "warning",
    command: { id: "keyline.chooseVaultCredential", title: "Choose My Credential…" },
  },
  stale: { text: "Stale", remedy: "The vault's last answer is old. Refresh to check again.", severity: "warning", command: refresh },
  loading: { text: "Loading", remedy: "The vault is being read." },
  "unknown-identifier": { text: "Partly verified", remedy: "No file of this workspace and no keyline.jsonc defines them in their scope." },
  "unknown-connector": { text: "Partly verified", remedy: "No file of this workspace and no keyline.jsonc defines their connectors." },
  "incomplete-secret": { text: "Partly verified", remedy: "The definitions of their secrets lack the connector, or the value or Name." },
  "impossible-name": { text: "Partly verified", remedy: "No Key Vault secret can have the Names of their secrets." },
  "unknown-scope": { text: "Partly verified", remedy: "Their files do not say in which scope they live. List them under scopes in keyline.jsonc." },
  "unknown-project": { text: "Partly verified", remedy: "Their project is not known. Write organization and project into keyline.jsonc." },
  "project-not-configured": { text: "Partly verified", remedy: "Their project is not known. Write project into keyline.jsonc." },
  "project-missing": { text: "Partly verified", remedy: "Their organization is known, their project is not. List their file under scopes in keyline.jsonc." },
  "organization-missing": { text: "Partly verified", remedy: "Their file names a project but no organization. Write orgIdentifier into it." },
  "project-of-run": { text: "Partly verified", remedy: "Which project they mean depends on the pipeline that uses the file." },
  "scope-placeholder": { text: "Partly verified", remedy: "A placeholder stands for their organization or project." },
  "several-definitions": { text: "Partly verified", remedy: "Several files define them. List those files under scopes in keyline.jsonc." },
  dynamic: { text: "Partly verified", remedy: "Their names are known only when the pipeline runs." },
  "other-secret-manager": { text: "Partly verified", remedy: "They are not kept in an Azure Key Vault." },
  "json-path": { text: "Partly verified", remedy: "Their JSON paths are more than plain keys." },
  "file-too-large": { text: "Syntax only", remedy: "The file is too large for more than a check of its syntax." },
};

const order = Object.keys(words) as NotVerifiedReason[];

export function isReason(text: string): text is NotVerifiedReason {
  return Object.hasOwn(words, text);
}

/** A reason's short name and remedy, and the command that mends it, where there is one. */
export function reasonText(reason: NotVerifiedReason): { readonly text: string; readonly remedy: string; readonly mend?: CommandWords } {
  const { text, remedy, command } = words[reason];
  return command === undefined || command === showState ? { text, remedy } : { text, remedy, mend: command };
}

/**
 * The words for a document, or undefined for one without a reference.
 *
 * Without trust the server reads no other file, so that a reference stops at its identifier and its vault is not even
 * known. What keeps it from being verified is still the missing trust.
 */
export function stateWords(state: DocumentStateParams, isTrusted: boolean): StateWords | undefined {
  if (state.references === 0) return undefined;
  const counts = isTrusted ? notVerified(state) : new Map([["untrusted", state.references - state.verified]]);
  const reason = order.find((candidate) => counts.has(candidate));
  const busy = counts.has("loading") || state.vaults.some((vault) => vault.state === "loading");
  const progress = `${state.verified} of ${references(state.references)} verified${findings(state.findings)}`;
  if (reason === undefined) {
    return { text: counts.size === 0 ? "Verified" : "Partly verified", detail: `${progress}.`, severity: "information", busy, command: showState };
  }
  const { text, remedy, severity, command } = words[reason];
  const count = counts.get(reason) ?? 0;
  return {
    text,
    detail: `${progress}; ${count} not verified. ${remedy}`,
    severity: severity ?? "information",
    busy,
    command: command ?? showState,
  };
}

/** What is shown while the language server does not run. */
export const stoppedWords: StateWords = {
  text: "Stopped",
  detail: "The language server has stopped, so nothing is checked. Restart it.",
  severity: "error",
  busy: false,
  command: { id: "keyline.restart", title: "Restart" },
};

function notVerified(state: DocumentStateParams): ReadonlyMap<string, number> {
  return new Map(Object.entries(state.notVerified).filter(([, count]) => count > 0));
}

function references(count: number): string {
  return count === 1 ? "1 reference" : `${count} references`;
}

function findings(count: number): string {
  if (count === 0) return "";
  return count === 1 ? ", 1 finding" : `, ${count} findings`;
}

import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";
import { credentialKey } from "../../../server/src/vault/credentialChoice.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import { restrictedMessage } from "./approvalCommands.ts";
import type { CredentialKind } from "./credentialKind.ts";
import { credentialKinds } from "./credentialKind.ts";
import { choiceWords, kindWords } from "./credentialWords.ts";
import type { SessionAccess } from "./sessionToken.ts";
import { sessionToken } from "./sessionToken.ts";
import type { VaultCredentials } from "./vaultCredentials.ts";

export interface SignInCommandsContext {
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  readonly credentials: Pick<VaultCredentials, "of" | "byDefault" | "askSecret">;
  /** Writes the user's own setting. */
  readonly setCredential: (kind: CredentialKind) => Promise<void>;
  readonly sessions: SessionAccess;
  /** The vaults that open files refer to, the active file's first. */
  readonly vaults: () => readonly VaultTarget[];
  readonly isApproved: (vault: VaultTarget) => boolean;
  /** Called when the person may have signed in: tokens are forgotten and the vaults asked again. */
  readonly signedIn: () => void;
}

/** Invariant: these take no argument and return nothing; a token never leaves the adapter. */
export interface SignInCommands {
  readonly signIn: () => Promise<void>;
  readonly chooseCredential: () => Promise<void>;
}

export function createSignInCommands(context: SignInCommandsContext): SignInCommands {
  return {
    signIn: () => signIn(context),
    chooseCredential: () => chooseCredential(context),
  };
}

async function signIn(context: SignInCommandsContext): Promise<void> {
  const { dialogs, credentials } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  const approved = context.vaults().filter(context.isApproved);
  const identity = await chooseIdentity(context, approved);
  if (identity === undefined) return;
  switch (identity.kind) {
    case "vscode":
      await signInToVscode(context, approved.filter((vault) => credentials.of(vault).kind === "vscode"));
      return;
    case "client-secret":
      if (await credentials.askSecret(identity)) context.signedIn();
      return;
    case "azure-cli":
    case "environment":
    case "client-certificate":
    case "managed-identity":
    case "workload-identity":
      dialogs.tell(remedies[identity.kind]);
      context.signedIn();
      return;
  }
}

const remedies: Readonly<Record<Exclude<CredentialChoice["kind"], "vscode" | "client-secret">, string>> = {
  "azure-cli": "Keyline uses the Azure CLI. Run az login in a terminal, with --tenant where a vault needs another one, then Keyline: Refresh Vault Facts.",
  environment: "Keyline uses AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. Set them and start VS Code again, or run Keyline: Choose the Azure Credential…",
  "workload-identity": "Keyline uses AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE. Set them and start VS Code again, or choose another credential.",
  "client-certificate": "Keyline uses a client certificate. To use another file or application, run Keyline: Choose My Credential for a Vault…",
  "managed-identity": "Keyline uses a managed identity, which only an Azure machine has. Elsewhere run Keyline: Choose My Credential for a Vault…",
};

/** The one identity of the vaults concerned, or the one that the person picks. */
async function chooseIdentity({ dialogs, credentials }: SignInCommandsContext, approved: readonly VaultTarget[]): Promise<CredentialChoice | undefined> {
  const identities = [...new Map(approved.map((vault) => [credentialKey(credentials.of(vault)), credentials.of(vault)])).values()];
  if (identities.length < 2) return identities[0] ?? credentials.byDefault();
  return dialogs.pick(
    "Sign in with which identity?",
    identities.map((identity) => ({
      label: choiceWords(identity),
      description: approved.filter((vault) => credentialKey(credentials.of(vault)) === credentialKey(identity)).map((vault) => vault.name).join(", "),
      value: identity,
    })),
  );
}

async function signInToVscode({ dialogs, sessions, signedIn }: SignInCommandsContext, vaults: readonly VaultTarget[]): Promise<void> {
  // A tenant is one sign-in; without any vault the account's own tenant is right.
  const targets = [...new Map(vaults.map(({ cloud, tenant }) => [`${cloud}/${tenant ?? ""}`, { cloud, tenant }])).values()];
  const choices = targets.map(({ cloud, tenant }) => ({
    label: tenant ?? "Your account's own tenant",
    description: vaults.filter((vault) => vault.cloud === cloud && vault.tenant === tenant).map((vault) => vault.name).join(", "),
    value: { cloud, tenant },
  }));
  const target = choices.length > 1 ? await dialogs.pick("Sign in to which tenant?", choices) : (choices[0]?.value ?? { cloud: "public" as const, tenant: undefined });
  if (target === undefined) return;
  const { cloud, tenant } = target;
  const token = await sessionToken(sessions, tenant === undefined ? { cloud } : { cloud, tenant }, true);
  if (token === undefined) {
    dialogs.tell(
      cloud === "public"
        ? "Not signed in. Run the command again to sign in."
        : "Not signed in. For this cloud, set microsoft-sovereign-cloud.environment first.",
    );
    return;
  }
  signedIn();
}

async function chooseCredential({ dialogs, credentials, setCredential }: SignInCommandsContext): Promise<void> {
  const now = credentials.byDefault().kind;
  const chosen = await dialogs.pick(
    "Which credential opens your vaults?",
    credentialKinds.map((kind) => ({ ...kindWords(kind), ...(kind === now ? { description: "chosen now" } : {}), value: kind })),
  );
  if (chosen !== undefined && chosen !== now) await setCredential(chosen);
}

import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Choice, Dialogs } from "../ui/dialogs.ts";
import { restrictedMessage } from "./approvalCommands.ts";
import type { CredentialKind } from "./credentialKind.ts";
import { credentialKinds } from "./credentialKind.ts";
import type { SessionAccess } from "./sessionToken.ts";
import { sessionToken } from "./sessionToken.ts";

export interface SignInCommandsContext {
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  readonly credential: () => CredentialKind;
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

const credentialChoices: Readonly<Record<CredentialKind, Omit<Choice<CredentialKind>, "value">>> = {
  vscode: { label: "VS Code's Microsoft account", detail: "The account that you sign in to in VS Code." },
  "azure-cli": { label: "Azure CLI", detail: "The account of az login." },
  environment: { label: "Environment", detail: "The client secret in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET." },
};

export function createSignInCommands(context: SignInCommandsContext): SignInCommands {
  return {
    signIn: () => signIn(context),
    chooseCredential: () => chooseCredential(context),
  };
}

async function signIn(context: SignInCommandsContext): Promise<void> {
  const { dialogs, credential, signedIn } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedMessage);
    return;
  }
  switch (credential()) {
    case "vscode":
      await signInToVscode(context);
      return;
    case "azure-cli":
      dialogs.tell("Keyline uses the Azure CLI. Run az login in a terminal, with --tenant where a vault needs another one, then Keyline: Refresh Vault Facts.");
      signedIn();
      return;
    case "environment":
      dialogs.tell("Keyline uses AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. Set them and start VS Code again, or run Keyline: Choose the Azure Credential…");
      signedIn();
      return;
  }
}

async function signInToVscode({ dialogs, sessions, vaults, isApproved, signedIn }: SignInCommandsContext): Promise<void> {
  const approved = vaults().filter(isApproved);
  // A tenant is one sign-in; without any vault the account's own tenant is right.
  const targets = [...new Map(approved.map(({ cloud, tenant }) => [`${cloud}/${tenant ?? ""}`, { cloud, tenant }])).values()];
  const choices = targets.map(({ cloud, tenant }) => ({
    label: tenant ?? "Your account's own tenant",
    description: approved.filter((vault) => vault.cloud === cloud && vault.tenant === tenant).map((vault) => vault.name).join(", "),
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

async function chooseCredential({ dialogs, credential, setCredential }: SignInCommandsContext): Promise<void> {
  const chosen = await dialogs.pick(
    "Which credential opens your vaults?",
    credentialKinds.map((kind) => ({ ...credentialChoices[kind], ...(kind === credential() ? { description: "chosen now" } : {}), value: kind })),
  );
  if (chosen !== undefined && chosen !== credential()) await setCredential(chosen);
}

import type { Cloud, VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isGuid } from "../../../server/src/core/model/vaultTarget.ts";
import type { CredentialChoice, CredentialChoiceKind } from "../../../server/src/vault/credentialChoice.ts";
import type { FaultCause } from "../../../server/src/vault/faultCause.ts";
import type { Dialogs, LiveChoice } from "../ui/dialogs.ts";
import { causeWords } from "./causeWords.ts";
import type { ClientSecrets } from "./clientSecrets.ts";
import type { CredentialStore } from "./credentialStore.ts";
import { choiceWords, kindWords } from "./credentialWords.ts";

/** What a credential is chosen for. */
export interface CredentialPurpose {
  /** The title of the quick pick, as `Credential for vault shop-dev-kv on this machine`. */
  readonly title: string;
  readonly cloud: Cloud;
  /** The tenant and client ID that the connector names, where it names them: offered for a client secret or certificate. */
  readonly tenant?: string;
  readonly clientId?: string;
  /** What is chosen now. */
  readonly current?: CredentialChoice;
  /**
   * Whether an identity may be tried in the tenant. False for a vault that is not approved: the workspace names its
   * tenant, and a sign-in would tell that tenant who the person is.
   */
  readonly mayTry: boolean;
}

/** Which identity of this machine opens each vault: chosen once per vault, kept outside the workspace. */
export interface VaultCredentials {
  /** What was chosen for the vault, else the setting `keyline.credential`. */
  readonly of: (vault: VaultTarget) => CredentialChoice;
  /** Undefined where the setting counts. */
  chosen(vault: VaultTarget): CredentialChoice | undefined;
  /** What the setting `keyline.credential` says. */
  readonly byDefault: () => CredentialChoice;
  /** Asks in a quick pick that says which would work now. Undefined where the person left it. Stores a client secret in SecretStorage alone. */
  ask(purpose: CredentialPurpose): Promise<CredentialChoice | undefined>;
  /** Asks for the client secret again: it was lost, or refused. False where the person left the box. */
  askSecret(choice: Extract<CredentialChoice, { kind: "client-secret" }>): Promise<boolean>;
  /** Undefined forgets the choice: the setting counts again. */
  remember(vault: VaultTarget, choice: CredentialChoice | undefined): Promise<void>;
}

export interface VaultCredentialsContext {
  readonly store: CredentialStore;
  readonly secrets: ClientSecrets;
  readonly dialogs: Dialogs;
  readonly byDefault: () => CredentialChoice;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the identity gives a token for the cloud's vaults in that tenant, silently and within seconds. */
  readonly probe: (choice: CredentialChoice, cloud: Cloud, tenant: string) => Promise<"works" | FaultCause>;
}

const kinds: readonly CredentialChoiceKind[] = ["vscode", "azure-cli", "client-secret", "client-certificate", "managed-identity", "workload-identity", "environment"];

export function createVaultCredentials(context: VaultCredentialsContext): VaultCredentials {
  const { store, byDefault } = context;
  return {
    of: (vault) => store.get(vault) ?? byDefault(),
    chosen: (vault) => store.get(vault),
    byDefault,
    ask: (purpose) => ask(context, purpose),
    askSecret: (choice) => enterSecret(context, choice),
    remember: (vault, choice) => store.put(vault, choice),
  };
}

async function ask(context: VaultCredentialsContext, purpose: CredentialPurpose): Promise<CredentialChoice | undefined> {
  const kind = await context.dialogs.pickLive(purpose.title, kinds.map((each) => liveChoice(context, purpose, each)));
  switch (kind) {
    case undefined:
      return undefined;
    case "vscode":
    case "azure-cli":
    case "environment":
    case "workload-identity":
      return { kind };
    case "managed-identity":
      return askManagedIdentity(context.dialogs);
    case "client-secret":
    case "client-certificate":
      return askApplication(context, purpose, kind);
  }
}

function liveChoice(context: VaultCredentialsContext, purpose: CredentialPurpose, kind: CredentialChoiceKind): LiveChoice<CredentialChoiceKind> {
  const { label, detail } = kindWords(kind);
  const current = purpose.current?.kind === kind ? "chosen now · " : "";
  const state = stateOf(context, purpose, kind);
  if (typeof state === "string") return { label, description: current + state, detail, value: kind };
  return { label, description: `${current}trying…`, detail, value: kind, later: state().then((words) => current + words, () => `${current}could not be tried`) };
}

/** What is known without asking anybody, or the function that finds out. No request goes to a machine's identity endpoint before it is chosen. */
function stateOf({ probe, environment }: VaultCredentialsContext, { cloud, tenant, current, mayTry }: CredentialPurpose, kind: CredentialChoiceKind): string | (() => Promise<string>) {
  const missing = (names: readonly string[]): string | undefined => {
    const absent = names.filter((name) => (environment[name] ?? "") === "");
    return absent.length === 0 ? undefined : `${absent.join(", ")} not set`;
  };
  const trying = (choice: CredentialChoice): string | (() => Promise<string>) => {
    if (tenant === undefined || !isGuid(tenant)) return "tried when the vault is asked";
    if (!mayTry) return "tried once the vault is approved";
    return async () => {
      const answer = await probe(choice, cloud, tenant);
      return answer === "works" ? "works now" : causeWords(answer).short.toLowerCase();
    };
  };
  switch (kind) {
    case "vscode":
    case "azure-cli":
      return trying({ kind });
    case "environment":
      return missing(["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]) ?? "its variables are set";
    case "workload-identity":
      return missing(["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"]) ?? "its variables are set";
    case "client-secret":
      return current?.kind === kind ? trying(current) : "you are asked for it";
    case "client-certificate":
      return current?.kind === kind ? trying(current) : "you pick its file";
    case "managed-identity":
      return "on an Azure machine only; tried when you choose it";
  }
}

async function askManagedIdentity(dialogs: Dialogs): Promise<CredentialChoice | undefined> {
  const assigned = await dialogs.pick<"system" | "user">("Which managed identity?", [
    { label: "System-assigned", detail: "The machine's own.", value: "system" },
    { label: "User-assigned", detail: "Named by its client ID.", value: "user" },
  ]);
  if (assigned === undefined) return undefined;
  if (assigned === "system") return { kind: "managed-identity" };
  const clientId = await askGuid(dialogs, "Client ID of the managed identity", "The client ID on the identity's overview page in Azure.", undefined);
  return clientId === undefined ? undefined : { kind: "managed-identity", clientId };
}

async function askApplication(context: VaultCredentialsContext, purpose: CredentialPurpose, kind: "client-secret" | "client-certificate"): Promise<CredentialChoice | undefined> {
  const { dialogs, secrets } = context;
  const { label } = kindWords(kind);
  const clientId = await askGuid(dialogs, `${label}: application`, "Application (client) ID, on the application's overview page in Entra.", purpose.clientId);
  if (clientId === undefined) return undefined;
  const tenant = purpose.tenant ?? (await askGuid(dialogs, `${label}: tenant`, "Directory (tenant) ID, on the application's overview page in Entra.", undefined));
  if (tenant === undefined) return undefined;
  if (kind === "client-certificate") {
    const path = await dialogs.file("The application's certificate", { PEM: ["pem", "crt", "cer", "key"] });
    return path === undefined ? undefined : { kind, tenant, clientId, path };
  }
  const choice = { kind, tenant, clientId } as const;
  if ((await secrets.get(choice)) !== undefined) {
    const again = await dialogs.pick(`A client secret of application ${clientId} is stored`, [
      { label: "Use it", value: false },
      { label: "Enter another", value: true },
    ]);
    if (again === undefined) return undefined;
    if (!again) return choice;
  }
  return (await enterSecret(context, choice)) ? choice : undefined;
}

async function enterSecret({ dialogs, secrets }: VaultCredentialsContext, choice: Extract<CredentialChoice, { kind: "client-secret" }>): Promise<boolean> {
  const secret = await dialogs.input({
    title: choiceWords(choice),
    prompt: "The client secret's value, not its ID. It is kept in VS Code's secret storage alone, and sent to Entra alone.",
    password: true,
    problem: (text) => (text.trim() === "" ? "Enter the client secret's value." : undefined),
  });
  if (secret === undefined) return false;
  if (await secrets.put(choice, secret.trim())) return true;
  dialogs.tell("VS Code's secret storage did not take the client secret. Choose another credential, or set up the system's keyring.");
  return false;
}

async function askGuid(dialogs: Dialogs, title: string, prompt: string, value: string | undefined): Promise<string | undefined> {
  const text = await dialogs.input({
    title,
    prompt,
    placeholder: "00000000-0000-0000-0000-000000000000",
    ...(value === undefined || !isGuid(value) ? {} : { value }),
    problem: (typed) => (isGuid(typed.trim()) ? undefined : "Enter a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12."),
  });
  return text?.trim().toLowerCase();
}

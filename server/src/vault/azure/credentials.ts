/**
 * The ways to sign in, each a TokenSource. A way is always the user's explicit choice; none is tried after another.
 * The SDK is loaded when the first token is asked for, so that nothing of it slows down a start. Variables of the
 * environment that the SDK knows (AZURE_AUTHORITY_HOST, AZURE_REGIONAL_AUTHORITY_NAME) cannot move a credential: it
 * goes to Entra's hosts of the vault's cloud alone, and a managed identity's request to this machine alone.
 */
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { isGuid } from "../../core/model/vaultTarget.ts";
import type { CredentialChoice } from "../credentialChoice.ts";
import { hiddenAgentPolicy } from "./hiddenAgentPolicy.ts";
import type { LoginTransport } from "./loginTransport.ts";
import { loginOnly, machineOnly } from "./loginTransport.ts";
import type { SourceAnswer, TokenAsk, TokenSource } from "./tokenBroker.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type ClientSecretChoice = Extract<CredentialChoice, { kind: "client-secret" }>;

export interface CredentialSources {
  /** VS Code's Microsoft session; undefined where the user is not signed in. */
  readonly session: (ask: TokenAsk) => Promise<string | undefined>;
  readonly environment: Environment;
  /** The client secret of an application, from where it is kept; undefined where it is not, or not any more. */
  readonly clientSecret: (choice: ClientSecretChoice) => Promise<string | undefined>;
  /** The transport, for tests. */
  readonly httpClient?: HttpClient;
}

/** `az` has no limit of its own. */
const cliTimeoutMs = 10_000;
const notSignedIn: SourceAnswer = { reason: "not-signed-in", cause: "not-signed-in" };
const wrongTenant: SourceAnswer = { reason: "wrong-tenant", cause: "wrong-tenant" };

/** Asks whichever identity the request names. */
export function chosenSource(sources: CredentialSources): TokenSource {
  const { environment, httpClient } = sources;
  const cli = azureCliSource();
  const session = sessionSource(sources.session);
  return async (ask, signal) => {
    const choice = ask.credential;
    switch (choice?.kind) {
      case "vscode":
        return session(ask, signal);
      case "azure-cli":
        return cli(ask, signal);
      case "environment":
        return environmentSource(environment, httpClient)(ask, signal);
      case "workload-identity":
        return workloadIdentity(environment, ask, signal, httpClient);
      case "client-secret":
        return clientSecret(choice, await sources.clientSecret(choice), ask, signal, httpClient);
      case "client-certificate":
        return clientCertificate(choice, ask, signal, httpClient);
      case "managed-identity":
        return managedIdentity(choice.clientId, ask, signal, httpClient);
      case undefined:
        return notSignedIn;
    }
  };
}

/** The account that `az login` has signed in. The CLI picks the tenant's account by the tenant's GUID. */
export function azureCliSource(): TokenSource {
  return async (ask) => {
    const { AzureCliCredential } = await import("@azure/identity");
    const credential = new AzureCliCredential({ tenantId: ask.tenant, processTimeoutInMs: cliTimeoutMs });
    const token = await credential.getToken(ask.scope);
    return { token: token.token, expiresAt: token.expiresOnTimestamp };
  };
}

/** A service principal from AZURE_TENANT_ID (a GUID), AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. */
export function environmentSource(environment: Environment, httpClient?: HttpClient): TokenSource {
  return async (ask, signal) => {
    const tenant = environment["AZURE_TENANT_ID"];
    const clientId = environment["AZURE_CLIENT_ID"];
    if (tenant === undefined || !isGuid(tenant) || clientId === undefined || clientId === "") return notSignedIn;
    return clientSecret({ kind: "client-secret", tenant, clientId }, environment["AZURE_CLIENT_SECRET"], ask, signal, httpClient);
  };
}

/**
 * A session that someone else keeps, VS Code's Microsoft account for one. `provide` answers undefined where the user is
 * not signed in.
 */
export function sessionSource(provide: (ask: TokenAsk) => Promise<string | undefined>): TokenSource {
  return async (ask): Promise<SourceAnswer> => {
    const token = await provide(ask);
    return token === undefined || token === "" ? notSignedIn : { token };
  };
}

async function clientSecret({ tenant, clientId }: ClientSecretChoice, secret: string | undefined, ask: TokenAsk, signal: AbortSignal, httpClient: HttpClient | undefined): Promise<SourceAnswer> {
  if (secret === undefined || secret === "") return notSignedIn;
  if (tenant.toLowerCase() !== ask.tenant) return wrongTenant;
  const { ClientSecretCredential } = await import("@azure/identity");
  return signIn(ask, signal, await entraTransport(ask, httpClient), (options) => new ClientSecretCredential(tenant, clientId, secret, options));
}

async function clientCertificate(
  { tenant, clientId, path }: Extract<CredentialChoice, { kind: "client-certificate" }>,
  ask: TokenAsk,
  signal: AbortSignal,
  httpClient: HttpClient | undefined,
): Promise<SourceAnswer> {
  if (tenant.toLowerCase() !== ask.tenant) return wrongTenant;
  const { ClientCertificateCredential } = await import("@azure/identity");
  const transport = await entraTransport(ask, httpClient);
  const answer = await signIn(ask, signal, transport, (options) => new ClientCertificateCredential(tenant, clientId, { certificatePath: path }, options));
  const isUnreadable = "reason" in answer && !signal.aborted && !transport.wasUsed();
  return isUnreadable ? { reason: "not-signed-in", cause: "certificate-unreadable" } : answer;
}

async function workloadIdentity(environment: Environment, ask: TokenAsk, signal: AbortSignal, httpClient: HttpClient | undefined): Promise<SourceAnswer> {
  const tenantId = environment["AZURE_TENANT_ID"];
  const clientId = environment["AZURE_CLIENT_ID"];
  const tokenFilePath = environment["AZURE_FEDERATED_TOKEN_FILE"];
  if (tenantId === undefined || !isGuid(tenantId) || clientId === undefined || tokenFilePath === undefined) return notSignedIn;
  if (tenantId.toLowerCase() !== ask.tenant) return wrongTenant;
  const { WorkloadIdentityCredential } = await import("@azure/identity");
  return signIn(ask, signal, await entraTransport(ask, httpClient), (options) => new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath, ...options }));
}

/** Which tenant a managed identity belongs to shows in the vault's answer alone. */
async function managedIdentity(clientId: string | undefined, ask: TokenAsk, signal: AbortSignal, httpClient: HttpClient | undefined): Promise<SourceAnswer> {
  if (wouldExchangeToken(clientId)) return notSignedIn;
  const [{ ManagedIdentityCredential }, { createDefaultHttpClient }] = await Promise.all([import("@azure/identity"), import("@azure/core-rest-pipeline")]);
  const transport = machineOnly(httpClient ?? createDefaultHttpClient());
  return signIn(ask, signal, transport, (options) => new ManagedIdentityCredential({ ...options, ...(clientId === undefined ? {} : { clientId }) }));
}

/**
 * Where these are set, the SDK takes a workload identity in a managed one's place: without our transport, without asking
 * Entra whether the login host is one, and to the host that AZURE_AUTHORITY_HOST names. It reads the process's own
 * variables, so they are what is looked at here.
 */
function wouldExchangeToken(clientId: string | undefined): boolean {
  const isSet = (name: string): boolean => (process.env[name] ?? "") !== "";
  return isSet("AZURE_FEDERATED_TOKEN_FILE") && isSet("AZURE_TENANT_ID") && (clientId !== undefined || isSet("AZURE_CLIENT_ID"));
}

interface SignInOptions {
  readonly authorityHost: string;
  readonly httpClient: HttpClient;
  readonly retryOptions: { readonly maxRetries: number };
  readonly additionalPolicies: (typeof hiddenAgentPolicy)[];
}

async function signIn(ask: TokenAsk, signal: AbortSignal, transport: LoginTransport, create: (options: SignInOptions) => TokenCredential): Promise<SourceAnswer> {
  try {
    const credential = create({ authorityHost: ask.authorityHost, httpClient: transport, retryOptions: { maxRetries: 1 }, additionalPolicies: [hiddenAgentPolicy] });
    const token = await credential.getToken(ask.scope, { abortSignal: signal });
    return token === null ? notSignedIn : { token: token.token, expiresAt: token.expiresOnTimestamp };
  } catch {
    // The error may quote what the sign-in service has written.
    return transport.trouble() ?? notSignedIn;
  }
}

async function entraTransport(ask: TokenAsk, httpClient: HttpClient | undefined): Promise<LoginTransport> {
  const { createDefaultHttpClient } = await import("@azure/core-rest-pipeline");
  return loginOnly(httpClient ?? createDefaultHttpClient(), ask.cloud);
}

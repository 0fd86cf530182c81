import type { FaultCause } from "../../../server/src/vault/faultCause.ts";

/** What is the case, and what to do, each a sentence. No text of a service, no identity, no address. */
export interface CauseWords {
  /** Two or three words, for a tree or a status. */
  readonly short: string;
  readonly what: string;
  readonly next: string;
}

const words: Readonly<Record<FaultCause, CauseWords>> = {
  "not-signed-in": {
    short: "Not signed in",
    what: "The chosen credential gives no token on this machine.",
    next: "Sign in with Keyline: Sign In to Azure, or choose another credential for this vault.",
  },
  "wrong-client-secret": {
    short: "Wrong client secret",
    what: "Entra says that the client secret does not belong to this application.",
    next: "Enter the secret's value, not its ID, from the application's page Certificates & secrets.",
  },
  "expired-client-secret": {
    short: "Client secret expired",
    what: "Entra says that the application's client secret has expired.",
    next: "Make a new client secret in the application's page Certificates & secrets, and store it in the Harness secret of secretKey too.",
  },
  "certificate-refused": {
    short: "Certificate refused",
    what: "Entra says that the certificate is not registered on this application.",
    next: "Upload it on the application's page Certificates & secrets, or choose another one.",
  },
  "certificate-unreadable": {
    short: "Certificate not readable",
    what: "The certificate's file is missing, or holds no certificate with its private key in PEM form.",
    next: "Choose the credential again and pick the PEM file.",
  },
  "unknown-application": {
    short: "Unknown application",
    what: "The tenant has no application of this client ID.",
    next: "Check clientId and tenantId, or register the application in the tenant.",
  },
  "tenant-not-found": {
    short: "Tenant not found",
    what: "Entra says that no tenant has this ID.",
    next: "Check tenantId. It is the Directory (tenant) ID on the overview page of Entra.",
  },
  "wrong-tenant": {
    short: "Wrong tenant",
    what: "The vault belongs to another tenant than the connector names.",
    next: "Write the vault's own tenant into tenantId, or sign in to that tenant.",
  },
  clock: {
    short: "Clock is wrong",
    what: "This machine's clock differs from Azure's by more than 5 minutes, so tokens are refused.",
    next: "Set the clock by the network's time, then test again.",
  },
  dns: {
    short: "Name not resolved",
    what: "The vault's host name does not resolve from this machine. That does not tell whether the vault exists.",
    next: "Check the vault's name. A vault behind a private endpoint resolves inside its network alone: connect to the VPN.",
  },
  unreachable: {
    short: "Not reachable",
    what: "No connection from this machine came about in time.",
    next: "Check the network, the VPN and the proxy, then test again.",
  },
  proxy: {
    short: "Refused by a proxy",
    what: "A proxy between this machine and Azure refused the connection.",
    next: "Check HTTPS_PROXY and what the proxy lets through: the vault's host, Entra's and Resource Manager's.",
  },
  tls: {
    short: "Certificate not trusted",
    what: "The certificate of the connection is not trusted on this machine.",
    next: "Point NODE_EXTRA_CA_CERTS to your company's root certificate, then start VS Code again.",
  },
  firewall: {
    short: "Blocked by the firewall",
    what: "The vault's firewall does not let this machine's address in.",
    next: "Connect to the network that it lets in, or have this address added. No role changes that.",
  },
  "private-endpoint": {
    short: "Private endpoint only",
    what: "Public access to the vault is disabled: it answers through its private endpoint alone.",
    next: "Connect to the network of the private endpoint. No role changes that.",
  },
  rbac: {
    short: "No role",
    what: "The identity has no role on the vault that allows this.",
    next: "Ask for Key Vault Secrets User to read, Key Vault Secrets Officer to write. A new role takes minutes to work.",
  },
  "access-policy": {
    short: "Not in the access policy",
    what: "The vault's access policy does not allow this.",
    next: "Ask for the secret permissions get and list, and to write also set and delete.",
  },
  "no-reader-role": {
    short: "Role Reader missing",
    what: "The identity may not list vaults: the role Reader on the subscription is missing.",
    next: "Assign Reader on the subscription. Without it, enter the vault's name by hand.",
  },
  "subscription-not-found": {
    short: "Subscription not found",
    what: "Azure says that the tenant has no such subscription, or none that this identity can see.",
    next: "Check the subscription ID and the tenant that it belongs to.",
  },
  "vault-not-found": {
    short: "Vault not found",
    what: "Azure says that no such vault exists; it may be deleted.",
    next: "Check vaultName, or recover the deleted vault.",
  },
  throttled: {
    short: "Throttled",
    what: "Azure answers that there were too many requests.",
    next: "Wait a minute, then try again.",
  },
  "service-error": {
    short: "Azure has a fault",
    what: "Azure, or a proxy on the way to it, answered with an error.",
    next: "Try again later. If it lasts, check Azure's service health and the proxy.",
  },
  "purge-protection": {
    short: "Purge protection",
    what: "The vault is protected from purging: a deleted secret stays until its retention ends.",
    next: "Nothing to do here; set enablePurge: false in the connector, or Harness cannot delete secrets.",
  },
  "deletion-pending": {
    short: "Deletion not finished",
    what: "Azure has not finished deleting the secret within 2 minutes, so it is not purged yet.",
    next: "Remove it a few minutes later with Keyline: Remove Left-over Test Secrets…, or let its retention end.",
  },
  cancelled: { short: "Cancelled", what: "You cancelled.", next: "Run it again to start anew." },
};

export function causeWords(cause: FaultCause): CauseWords {
  return words[cause];
}

export function isFaultCause(text: string): text is FaultCause {
  return Object.hasOwn(words, text);
}

/** Where Harness may see something else than we do. */
export const delegateNote = "Harness reaches the vault from a delegate, Keyline from this machine: the two may differ in network and identity.";

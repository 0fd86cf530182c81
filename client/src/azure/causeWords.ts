import type { FaultCause } from "../../../server/src/vault/faultCause.ts";

/** What is the case, and what to do, each a sentence or two. No text of a service, no identity, no address. */
export interface CauseWords {
  /** Two or three words, for a tree or a status. */
  readonly short: string;
  readonly what: string;
  readonly next: string;
}

/** What was tried: for some causes the right that is missing depends on it. */
export type TriedStep = "read" | "value" | "write" | "delete" | "recover" | "purge";

const words: Readonly<Record<FaultCause, CauseWords>> = {
  "not-signed-in": {
    short: "Not signed in",
    what: "The credential chosen for this vault gives no valid token on this machine.",
    next: "Sign in with Keyline: Sign In to Azure, or choose another credential for this vault.",
  },
  "wrong-client-secret": {
    short: "Wrong client secret",
    what: "Entra says that the client secret is none of this application's.",
    next: "Enter the secret's Value, not its Secret ID. Azure shows the value only once, so make a new client secret on the application's page Certificates & secrets if it is lost.",
  },
  "expired-client-secret": {
    short: "Client secret expired",
    what: "Entra says that the application's client secret has expired.",
    next: "Make a new client secret on the application's page Certificates & secrets. Enter it here as the vault's credential, and store it in the Harness secret that secretKey names too, if that is the expired one.",
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
    what: "Entra says that the tenant has no application of this client ID.",
    next: "Check clientId and tenantId. An application of another tenant must be added to this one first.",
  },
  "credential-refused": {
    short: "Credential refused",
    what: "Entra refuses the credential chosen for this vault.",
    next: "Choose another credential, or have the account checked: it may be blocked, or need a sign-in that only a person can do.",
  },
  "tenant-not-found": {
    short: "Tenant not found",
    what: "Entra says that no tenant has this ID.",
    next: "Check tenantId. It is the Tenant ID on the overview page of Microsoft Entra ID.",
  },
  "wrong-tenant": {
    short: "Wrong tenant",
    what: "The vault belongs to another tenant than the connector names, or than you are signed in to.",
    next: "Write the vault's own tenant into tenantId; the vault's page in the portal names it as Directory ID. Or sign in to that tenant.",
  },
  clock: {
    short: "Clock is wrong",
    what: "This machine's clock differs from Azure's by more than 5 minutes, so tokens are refused.",
    next: "Let the system set its clock by the network, then try again.",
  },
  dns: {
    short: "Name not resolved",
    what: "A host name does not resolve from this machine. That does not tell whether the vault exists.",
    next: "Check vaultName, then the network and the VPN. If the vault has a private endpoint, its private DNS zone must hold the vault's name.",
  },
  unreachable: {
    short: "Not reachable",
    what: "No connection from this machine came about in time.",
    next: "Check the network, the VPN and the proxy, then try again.",
  },
  proxy: {
    short: "Refused by a proxy",
    what: "The proxy between this machine and Azure refused the connection, or cannot be reached itself.",
    next: "Check HTTPS_PROXY, and that the proxy lets the hosts of the vault and of Entra through.",
  },
  tls: {
    short: "Certificate not trusted",
    what: "The certificate of the connection is not trusted on this machine. Often a proxy that inspects the traffic has put its own in the place of Azure's.",
    next: "Point NODE_EXTRA_CA_CERTS to your company's root certificate, then start VS Code again.",
  },
  firewall: {
    short: "Blocked by the firewall",
    what: "The vault's firewall does not let this machine's network in.",
    next: "Connect to a network that it lets in, or have this one added under Networking on the vault's page. No role changes that.",
  },
  "private-endpoint": {
    short: "Private endpoint only",
    what: "The vault's public network access is disabled: it answers through its private endpoint alone.",
    next: "Connect to the network of the private endpoint, through the VPN for one. No role changes that.",
  },
  rbac: {
    short: "No role",
    what: "The identity has no role on the vault that allows this.",
    next: "Ask for Key Vault Reader to list names, Key Vault Secrets User to read values, Key Vault Secrets Officer to write. A new role can take minutes to work.",
  },
  "access-policy": {
    short: "No access policy",
    what: "The vault's access policies do not allow this identity to do this.",
    next: "Ask for the secret permission list to list names, get to read values, set and delete to write.",
  },
  forbidden: {
    short: "Refused",
    what: "Azure refuses this, and does not say which right is missing.",
    next: "Check the identity's roles or access policy on the vault, and Azure's conditions on both.",
  },
  "no-reader-role": {
    short: "Role Reader missing",
    what: "The identity may not list the subscription's vaults: it lacks the role Reader there.",
    next: "Assign Reader on the subscription. Without it, enter the vault's name by hand.",
  },
  "subscription-not-found": {
    short: "Subscription not found",
    what: "Azure says that the tenant has no such subscription, or none that this identity can see.",
    next: "Check the subscription ID and the tenant that it belongs to.",
  },
  "vault-not-found": {
    short: "Vault not found",
    what: "Azure says that there is no such vault. It may be deleted.",
    next: "Check vaultName, or recover the deleted vault.",
  },
  "secret-not-found": {
    short: "Secret not found",
    what: "Azure says that the vault holds no such secret or version. It may be deleted.",
    next: "Refresh the list, check the name and the version, or look for it among the deleted secrets.",
  },
  "secret-disabled": {
    short: "Disabled",
    what: "This version of the secret is disabled, so that nobody can read its value.",
    next: "Enable it, or use another version.",
  },
  throttled: {
    short: "Throttled",
    what: "Azure answers that the vault gets too many requests.",
    next: "Wait a minute, then try again.",
  },
  "service-error": {
    short: "Azure has a fault",
    what: "Azure, or something on the way to it, answered with an error.",
    next: "Try again later. If it lasts, look at Azure's service health and at the proxy.",
  },
  "purge-protection": {
    short: "Purge protection",
    what: "The vault has purge protection: a deleted secret stays until its retention ends.",
    next: "Nothing can change that. In the connector, enablePurge: false keeps Harness from failing when it deletes secrets.",
  },
  "deletion-pending": {
    short: "Deletion not finished",
    what: "Azure has not finished deleting the secret within 2 minutes, so it is not purged yet.",
    next: "Remove it a few minutes later with Keyline: Remove Left-over Test Secrets, or let its retention end.",
  },
  cancelled: { short: "Cancelled", what: "You cancelled.", next: "Run it again to start anew." },
};

const wordsOfStep: Readonly<Record<TriedStep, Readonly<Partial<Record<FaultCause, Omit<CauseWords, "short">>>>>> = {
  read: {
    rbac: {
      what: "The identity has no role on the vault that lets it list secrets.",
      next: "Ask for the role Key Vault Reader on the vault, or for Key Vault Secrets User, which reads values too. A new role can take minutes to work.",
    },
    "access-policy": {
      what: "The vault's access policies do not let this identity list secrets.",
      next: "Ask for the secret permission list, and for get to read values and look up deleted secrets.",
    },
  },
  write: {
    rbac: {
      what: "The identity has no role on the vault that lets it write secrets.",
      next: "Ask for the role Key Vault Secrets Officer on the vault. A new role can take minutes to work.",
    },
    "access-policy": {
      what: "The vault's access policies do not let this identity set secrets.",
      next: "Ask for the secret permissions set and delete, beside get and list.",
    },
    "not-signed-in": {
      what: "The token of the credential was refused for writing, or has ended.",
      next: "Sign in again with Keyline: Sign In to Azure, then try again.",
    },
  },
  delete: {
    rbac: {
      what: "The identity has no role on the vault that lets it delete secrets.",
      next: "Ask for the role Key Vault Secrets Officer on the vault, or have the secret deleted by somebody who has it.",
    },
    "access-policy": {
      what: "The vault's access policies do not let this identity delete secrets.",
      next: "Ask for the secret permission delete, or have the secret deleted by somebody who has it.",
    },
  },
  value: {
    rbac: {
      what: "The identity has no role on the vault that lets it read a secret's value.",
      next: "Ask for the role Key Vault Secrets User on the vault. A new role can take minutes to work.",
    },
    "access-policy": {
      what: "The vault's access policies do not let this identity read a secret's value.",
      next: "Ask for the secret permission get.",
    },
  },
  recover: {
    rbac: {
      what: "The identity has no role on the vault that lets it recover deleted secrets.",
      next: "Ask for the role Key Vault Secrets Officer on the vault, or have the secret recovered by somebody who has it.",
    },
    "access-policy": {
      what: "The vault's access policies do not let this identity recover deleted secrets.",
      next: "Ask for the secret permission recover, or have the secret recovered by somebody who has it.",
    },
  },
  purge: {
    rbac: {
      what: "The identity has no role on the vault that lets it purge deleted secrets.",
      next: "Ask for the role Key Vault Secrets Officer on the vault, or let the secret's retention end.",
    },
    "access-policy": {
      what: "The vault's access policies do not let this identity purge deleted secrets.",
      next: "Ask for the secret permission purge, or let the secret's retention end.",
    },
  },
};

/** The words of a cause; with `step`, those for what was tried. */
export function causeWords(cause: FaultCause, step?: TriedStep): CauseWords {
  const general = words[cause];
  return step === undefined ? general : { ...general, ...wordsOfStep[step][cause] };
}

/** Whether a text of unknown origin, as from a store, is a cause. */
export function isFaultCause(text: unknown): text is FaultCause {
  return typeof text === "string" && Object.hasOwn(words, text);
}

/** Where Harness may see something else than we do. */
export const delegateNote = "Harness reaches the vault from a delegate, Keyline from this machine: the two may differ in network and identity.";

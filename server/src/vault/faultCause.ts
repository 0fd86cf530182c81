/**
 * Why a call to Azure did not succeed, finer than the reason of a fact: each has its own words and its own next step.
 * Sources: Key Vault's error documents, Entra's AADSTS codes, Node's error codes.
 */
export type FaultCause =
  /** Nobody is signed in, or the chosen credential is not set up on this machine. */
  | "not-signed-in"
  /** AADSTS7000215: the client secret is not the application's. */
  | "wrong-client-secret"
  /** AADSTS7000222. */
  | "expired-client-secret"
  /** AADSTS700027: the certificate is not registered on the application. */
  | "certificate-refused"
  /** The file is not there, or holds no PEM certificate with its private key. */
  | "certificate-unreadable"
  /** AADSTS700016: the tenant has no application of that client ID. */
  | "unknown-application"
  /** Any other refusal of Entra. */
  | "credential-refused"
  /** AADSTS90002: no tenant has that ID. */
  | "tenant-not-found"
  /** The vault belongs to another tenant than the one named or signed in to. */
  | "wrong-tenant"
  /** AADSTS700024 or 500133, or a Date header more than 5 minutes off: this machine's clock is wrong. */
  | "clock"
  /** The host name does not resolve. Says nothing of whether the vault exists. */
  | "dns"
  /** No connection: refused, reset, no route, or no answer in time. */
  | "unreachable"
  | "proxy"
  | "tls"
  /** 403 ForbiddenByFirewall. */
  | "firewall"
  /** 403 ForbiddenByConnection: public access is off, and only a private endpoint is let in. */
  | "private-endpoint"
  /** 403 ForbiddenByRbac. */
  | "rbac"
  /** 403 AccessDenied or ForbiddenByPolicy. */
  | "access-policy"
  /** Any other 403. */
  | "forbidden"
  /** 403 of Resource Manager: the role Reader is missing. */
  | "no-reader-role"
  /** 404 SubscriptionNotFound of Resource Manager: the tenant has no such subscription that the identity can see. */
  | "subscription-not-found"
  /** Azure's own answer that no such vault exists. */
  | "vault-not-found"
  /** 404 SecretNotFound: the vault holds no such secret or version. */
  | "secret-not-found"
  /** 403 SecretDisabled: the version is disabled, and its value cannot be read. */
  | "secret-disabled"
  | "throttled"
  | "service-error"
  /** 403 to a purge: the vault is protected. */
  | "purge-protection"
  /** A deleted secret that Azure has not finished deleting after 2 minutes, so that it could not be purged. */
  | "deletion-pending"
  /** The person has cancelled. */
  | "cancelled";

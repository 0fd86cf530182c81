import { createHash } from "node:crypto";
import type { LocalAzure } from "./localAzure.ts";

/** Where the demo's vaults live and who may read them. None of these ids exists in the real Azure. */
export const demo = {
  tenant: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6a001",
  subscription: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6b001",
  devVault: "shop-dev-kv",
  prodVault: "shop-prod-kv",
  /** The application that the demo's connectors would use; may list and get secrets in both vaults. */
  clientId: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6c001",
  clientSecret: "demo-client-secret-not-real",
  appObjectId: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6d001",
  /** A person with the same rights, for the fake `az`. */
  userObjectId: "6f1f8a52-0d3b-4e0a-9a55-2c8c2ab6d002",
} as const;

/** Oldest first; the same in both vaults, so that a demo file can name either. */
export const demoVersions = {
  "db-password": ["0a1b2c3d4e5f60718293a4b5c6d7e801", "0a1b2c3d4e5f60718293a4b5c6d7e802", "0a1b2c3d4e5f60718293a4b5c6d7e803"],
  "payment-config": ["1b2c3d4e5f60718293a4b5c6d7e8f901"],
  "docker-registry-token": ["2c3d4e5f60718293a4b5c6d7e8f90a01"],
  "smtp-password": ["3d4e5f60718293a4b5c6d7e8f90a1b01"],
  /** The second one, the latest, is disabled. */
  "legacy-api-key": ["4e5f60718293a4b5c6d7e8f90a1b2c01", "4e5f60718293a4b5c6d7e8f90a1b2c02"],
  "signing-cert-passphrase": ["5f60718293a4b5c6d7e8f90a1b2c3d01"],
  "feature-flags-token": ["60718293a4b5c6d7e8f90a1b2c3d4e01"],
  "session-key": ["718293a4b5c6d7e8f90a1b2c3d4e5f01"],
} as const;

/** service-token-01 and so on, so that listing takes more than one page. */
export const demoFillerCount = 40;

const dayMs = 86_400_000;
const value = "demo value, not a secret";
const paymentConfig = JSON.stringify({ user: "demo user", password: value, endpoint: { host: "payments.example.com", port: 443 } });

/** Fills the local Azure with the demo's two vaults. Dates are relative to `now`, the local Azure's time where absent. */
export function seedDemo(azure: LocalAzure, now: number = azure.now()): void {
  const { tenant, subscription, clientId, clientSecret, appObjectId, userObjectId } = demo;
  azure.addSubscription({ id: subscription, tenant, displayName: "Shop" });
  azure.registerApp({ clientId, clientSecret, tenant, objectId: appObjectId });
  azure.registerUser({ objectId: userObjectId, tenants: [tenant] });
  azure.addVault({ name: demo.devVault, tenant, subscription, resourceGroup: "rg-shop-dev", rbac: true, retentionDays: 30 });
  azure.addVault({ name: demo.prodVault, tenant, subscription, resourceGroup: "rg-shop-prod", rbac: false, purgeProtection: true, retentionDays: 90 });
  for (const principal of [appObjectId, userObjectId]) {
    azure.grantReader(subscription, principal);
    // Officer, because the deleted secrets are not for Secrets User to see.
    azure.grant(demo.devVault, principal, "Key Vault Secrets Officer");
    azure.grant(demo.prodVault, principal, "list", "get");
  }
  seedVault(azure, demo.devVault, now);
  seedVault(azure, demo.prodVault, now);
}

function seedVault(azure: LocalAzure, vault: string, now: number): void {
  // An hour more, so that "in 12 days" is still true while the demo is looked at.
  const inDays = (days: number): Date => new Date(now + days * dayMs + (days > 0 ? 3_600_000 : 0));
  const [dbFirst, dbSecond, dbThird] = demoVersions["db-password"];
  const tags = { owner: "shop-team", rotation: "quarterly" };
  azure.setSecret(vault, "db-password", { value, version: dbFirst, created: inDays(-200), tags });
  azure.setSecret(vault, "db-password", { value, version: dbSecond, created: inDays(-110), tags });
  azure.setSecret(vault, "db-password", { value, version: dbThird, created: inDays(-20), tags });
  azure.setSecret(vault, "payment-config", { value: paymentConfig, version: demoVersions["payment-config"][0], created: inDays(-60), contentType: "application/json", tags: { owner: "payments" } });
  azure.setSecret(vault, "docker-registry-token", { value, version: demoVersions["docker-registry-token"][0], created: inDays(-45), expires: inDays(320) });
  azure.setSecret(vault, "smtp-password", { value, version: demoVersions["smtp-password"][0], created: inDays(-395), expires: inDays(-30) });
  const [legacyOld, legacyLatest] = demoVersions["legacy-api-key"];
  azure.setSecret(vault, "legacy-api-key", { value, version: legacyOld, created: inDays(-700) });
  azure.setSecret(vault, "legacy-api-key", { value, version: legacyLatest, created: inDays(-90), enabled: false });
  azure.setSecret(vault, "signing-cert-passphrase", { value, version: demoVersions["signing-cert-passphrase"][0], created: inDays(-353), expires: inDays(12) });
  if (vault === demo.devVault) {
    azure.setSecret(vault, "feature-flags-token", { value, version: demoVersions["feature-flags-token"][0], created: inDays(-3), notBefore: inDays(30) });
  }
  azure.setSecret(vault, "session-key", { value, version: demoVersions["session-key"][0], created: inDays(-150) });
  azure.deleteSecret(vault, "session-key", now - 4 * dayMs);
  for (let index = 1; index <= demoFillerCount; index += 1) {
    const name = `service-token-${String(index).padStart(2, "0")}`;
    const version = createHash("sha256").update(name).digest("hex").slice(0, 32);
    azure.setSecret(vault, name, { value, version, created: inDays(-10 - index) });
  }
}

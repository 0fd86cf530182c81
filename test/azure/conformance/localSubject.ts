import { randomUUID } from "node:crypto";
import { startLocalAzure } from "../localAzure.ts";
import { routeThisProcess } from "../routeThisProcess.ts";
import { sendRaw } from "../sendRaw.ts";
import type { Application, Subject } from "./subject.ts";

const otherTenant = "11111111-0000-4000-8000-000000000002";

/** Our own local Azure, reached through its proxy by Azure's host names, with tokens from its Entra. */
export async function startLocalSubject(): Promise<Subject> {
  const azure = await startLocalAzure();
  const tenant = "11111111-0000-4000-8000-000000000001";
  const subscription = "22222222-0000-4000-8000-000000000001";
  azure.addSubscription({ id: subscription, tenant, displayName: "Conformance" });
  let vaults = 0;
  return {
    name: "the local Azure",
    capabilities: new Set(["entra", "tenants", "clock", "roles", "policies", "purgeProtection", "retention", "network", "resourceManager"]),
    knownDifferences: [],
    tenant,
    subscription,
    async makeVault(wish) {
      vaults += 1;
      const vault = { name: `conformance-${String(vaults)}`, resourceGroup: "rg-conformance" };
      azure.addVault({
        ...vault,
        tenant,
        subscription,
        rbac: wish.access !== "policies",
        purgeProtection: wish.purgeProtection ?? false,
        retentionDays: wish.retentionDays ?? 90,
        publicAccess: wish.network ?? "enabled",
      });
      return vault;
    },
    async makeApplication() {
      const application = { clientId: randomUUID(), clientSecret: "test-client-secret-not-real", objectId: randomUUID() };
      azure.registerApp({ ...application, tenant });
      return application;
    },
    async grantRole(vault, application, role) {
      azure.grant(vault.name, application.objectId, role);
    },
    async grantPolicy(vault, application, permissions) {
      azure.grant(vault.name, application.objectId, ...permissions);
    },
    async withdraw(vault, application) {
      azure.deny(vault.name, application.objectId);
    },
    async grantReader(application) {
      azure.grantReader(subscription, application.objectId);
    },
    async tokenFor(application, audience, elsewhere) {
      return elsewhere === undefined ? askEntra(application, audience) : azure.tokenFor(application.objectId, audience, otherTenant);
    },
    async advance(milliseconds) {
      azure.advance(milliseconds);
    },
    send: (request) => sendRaw(azure, request),
    route: () => routeThisProcess(azure),
    stop: azure.stop,
  };

  /** As a client would: the suite takes no short cut where there is a way over the wire. */
  async function askEntra(application: Application, audience: string): Promise<string> {
    const form = { grant_type: "client_credentials", client_id: application.clientId, client_secret: application.clientSecret, scope: `${audience}/.default` };
    const answer = await sendRaw(azure, { method: "POST", url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, body: new URLSearchParams(form).toString() });
    return (answer.json as { readonly access_token: string }).access_token;
  }
}

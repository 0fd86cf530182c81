import path from "node:path";
import { startLocalAzure } from "../test/azure/localAzure.ts";
import type { LocalAzure } from "../test/azure/localAzure.ts";
import { checkoutPath } from "./checkoutPath.ts";
import type { TestResult } from "./hostTestResults.ts";
import { ensurePythonClients } from "./pythonClients.ts";
import { runProgram } from "./runProgram.ts";
import { reportTest, reportTotal } from "./testReport.ts";

/**
 * Lets Microsoft's clients for Python, which share no code with those that Keyline is built on, use the local Azure by
 * Azure's own host names. `npm test` holds the local Azure to recorded traffic; this asks whether others understand it.
 */
const clientPath = path.join(checkoutPath, "test/azure/conformance/clients/client.py");
const tenant = "11111111-0000-4000-8000-000000000001";
const subscription = "22222222-0000-4000-8000-000000000001";
const owner = { clientId: "33333333-0000-4000-8000-000000000001", clientSecret: "test-client-secret-not-real" };
const reader = { clientId: "33333333-0000-4000-8000-000000000002", clientSecret: "test-client-secret-not-real" };
const vaults = { roleVault: "role-kv", policyVault: "policy-kv", protectedVault: "protected-kv" };

async function run(): Promise<readonly TestResult[]> {
  const python = await ensurePythonClients();
  const azure = await startLocalAzure();
  fill(azure);
  try {
    const { HTTPS_PROXY, NO_PROXY } = azure.env();
    const plan = JSON.stringify({ tenant, subscription, owner, reader, ...vaults });
    const env = { ...process.env, HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE: azure.proxy.caPemPath, CONFORMANCE_PLAN: plan };
    const printed = await runProgram(python, [clientPath], { env, timeoutMs: 120_000 });
    const results = printed.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as TestResult] : []));
    return [...results, nothingElseWasAsked(azure)];
  } finally {
    await azure.stop();
  }
}

function fill(azure: LocalAzure): void {
  azure.addSubscription({ id: subscription, tenant, displayName: "Conformance" });
  azure.registerApp({ ...owner, tenant, objectId: "44444444-0000-4000-8000-000000000001" });
  azure.registerApp({ ...reader, tenant, objectId: "44444444-0000-4000-8000-000000000002" });
  azure.addVault({ name: vaults.roleVault, tenant, subscription });
  azure.addVault({ name: vaults.policyVault, tenant, subscription, rbac: false });
  azure.addVault({ name: vaults.protectedVault, tenant, subscription, purgeProtection: true });
  azure.grant(vaults.roleVault, owner.clientId, "Key Vault Secrets Officer");
  azure.grant(vaults.protectedVault, owner.clientId, "Key Vault Secrets Officer");
  azure.grant(vaults.policyVault, owner.clientId, "list", "get", "set", "delete", "recover", "purge");
  azure.grant(vaults.roleVault, reader.clientId, "Key Vault Reader");
  azure.grant(vaults.policyVault, reader.clientId, "list");
  azure.grantReader(subscription, owner.clientId);
}

/** A host that the local Azure does not stand in for would have been asked for something that we do not know of. */
function nothingElseWasAsked(azure: LocalAzure): TestResult {
  const others = azure.requests.filter((request) => request.kind !== "answered").map((request) => `${request.method} ${request.host}${request.path}`);
  return { name: "Python: asked no host but Azure's", passed: others.length === 0, ...(others.length === 0 ? {} : { problem: others.join("\n") }) };
}

const results = await run().catch((error: unknown): readonly TestResult[] => [{ name: "Python: the clients run", passed: false, problem: error instanceof Error ? error.message : String(error) }]);
results.forEach(reportTest);
reportTotal(results);

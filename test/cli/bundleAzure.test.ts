import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { writeFakeAz } from "../azure/fakeAz.ts";
import type { LocalAzure } from "../azure/localAzure.ts";
import { startLocalAzure } from "../azure/localAzure.ts";
import { demo, seedDemo } from "../azure/seed.ts";
import { demoFolder, demoMistakes } from "../core/demoWorkspace.ts";
import type { BundleRun } from "../support/cliBundle.ts";
import { cliBundle } from "../support/cliBundle.ts";
import type { CheckReport } from "../support/cliRun.ts";
import { connectorText, pipelineText, vaultReference } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";

const bundle = cliBundle();
const canary = "canary-7d20e91b6c3f4a58a1d4";
const application = { AZURE_TENANT_ID: demo.tenant, AZURE_CLIENT_ID: demo.clientId, AZURE_CLIENT_SECRET: demo.clientSecret };
const asApplication = ["--credential", "environment"];
let azure: LocalAzure;

beforeAll(async () => {
  azure = await startLocalAzure();
  seedDemo(azure);
  const { tenant, subscription } = demo;
  for (const name of ["canary-kv", "closed-kv", "throttled-kv", "broken-kv"]) azure.addVault({ name, tenant, subscription });
  azure.addVault({ name: "walled-kv", tenant, subscription, publicAccess: "firewall" });
  azure.addVault({ name: "gone-kv", tenant, subscription, vaultDeleted: true });
  for (const name of ["canary-kv", "throttled-kv", "broken-kv", "gone-kv"]) azure.grant(name, demo.appObjectId, "Key Vault Secrets Officer");
  for (const [name, rbac, right] of [["names-kv", true, "Key Vault Reader"], ["policy-kv", false, "list"]] as const) {
    azure.addVault({ name, tenant, subscription, rbac });
    azure.grant(name, demo.appObjectId, right);
    azure.setSecret(name, "config", { value: JSON.stringify({ user: canary }) });
  }
  azure.setSecret("canary-kv", "config", { value: JSON.stringify({ user: canary, deep: { password: canary } }), tags: { owner: "shop" } });
});

beforeEach(() => {
  azure.clearFaults();
  azure.clearRequests();
});

afterAll(async () => {
  await azure.stop();
});

/** A check with the local Azure behind the real host names, signed in as the demo's application. */
async function check(folder: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<BundleRun> {
  return bundle.run(folder, ["check", ...asApplication, ...words], { ...azure.env(), ...application, ...environment });
}

async function report(folder: string, words: readonly string[]): Promise<CheckReport> {
  const run = await check(folder, ["--format", "json", ...words]);
  expect(run.err).toBe("");
  return JSON.parse(run.out) as CheckReport;
}

/** Findings as the demo's README writes them. */
function mistakes(of: CheckReport): readonly (readonly string[])[] {
  return of.findings.map(({ file, range: { start, end }, rule, severity }) => {
    const line = readFileSync(join(demoFolder, file), "utf8").split("\n")[start.line] ?? "";
    return [basename(file), line.slice(start.character, end.character), rule, severity];
  });
}

/** A project whose one connector opens that vault, and a pipeline that refers into it. */
async function shopOn(vault: string, secret = "no-such-secret"): Promise<string> {
  return tempFolder({ "keyline.jsonc": `{ "complete": ["project:default/shop"] }`, "kv.yaml": connectorText("kv", vault), "p.yaml": pipelineText(`${vaultReference(secret)} ${vaultReference("another-one")}`) });
}

function hosts(): readonly string[] {
  return [...new Set(azure.requests.map((request) => request.host))].sort();
}

describe("the demo", () => {
  const devHost = `${demo.devVault}.vault.azure.net`;
  const prodHost = `${demo.prodVault}.vault.azure.net`;

  test("with --read-json-keys has exactly the mistakes that its README lists", async () => {
    const found = await report(demoFolder, ["--read-json-keys"]);
    expect(mistakes(found)).toEqual(demoMistakes());
    expect(found.findings.every(({ verified }) => verified)).toBe(true);
    expect(found.summary.notVerified).toEqual({ count: 1, reasons: { dynamic: 1 } });
    expect(azure.requests.filter((request) => request.kind === "unexpected")).toEqual([]);
    expect(hosts()).toEqual(["login.microsoftonline.com", devHost, prodHost]);
  });

  test("without it reads no value, and does not see the wrong JSON key", async () => {
    const found = await report(demoFolder, []);
    expect(mistakes(found)).toEqual(demoMistakes().filter(([, , rule]) => rule !== "json-key-not-found"));
    expect(Object.keys(found.summary.notVerified.reasons)).toEqual(["dynamic", "keys-not-allowed"]);
    expect(azure.requests.map((request) => request.path).filter((path) => /^\/secrets\/[^/]+\/?(?:[0-9a-f]{32})?$/.test(path))).toEqual([]);
  });

  test("offline asks nobody, and finds what its text shows", async () => {
    const found = await report(demoFolder, ["--offline"]);
    expect(azure.requests).toEqual([]);
    expect(mistakes(found)).toEqual(demoMistakes().filter(([, , rule]) => rule !== undefined && !/^(?:vault|json)-/.test(rule)));
    expect(Object.keys(found.summary.notVerified.reasons)).toEqual(["dynamic", "offline"]);
  });

  test("with --vault asks that one alone, and says what to do for the other", async () => {
    const run = await check(demoFolder, ["--vault", demo.devVault, "--require-verified", "--fail-on", "never"]);
    expect(run.code).toBe(3);
    expect(run.out).toMatch(/\n\d+ references? not verified: The vault is not approved\. Run Keyline: Approve a Vault, or name it with --vault on the command line\.\n/);
    expect(hosts()).toEqual(["login.microsoftonline.com", devHost]);
  });

  test("is read with the Azure CLI where nothing else is said, which is started once", async () => {
    const az = writeFakeAz(await tempFolder(), { azure, signedIn: demo.userObjectId });
    const run = await bundle.run(demoFolder, ["check", "--format", "json", "--read-json-keys"], { ...azure.env(), ...az.env });
    expect(run).toMatchObject({ code: 1, err: "" });
    expect(mistakes(JSON.parse(run.out) as CheckReport)).toEqual(demoMistakes());
    expect(readFileSync(az.callsPath, "utf8").split("\n").filter((line) => line.startsWith("account get-access-token"))).toHaveLength(1);
  });
});

describe("a vault that does not answer is one line with what to do, and never a finding of a reference", () => {
  const throttled = { status: 429, headers: { "retry-after": "600" }, body: { error: { code: "Throttled", message: "busy" } } };
  const broken = { status: 500, body: { error: { code: "InternalServerError", message: "broken" } } };

  test.each([
    ["closed-kv", "Your account may not list the vault's secrets. Ask for the role"],
    ["walled-kv", "The vault's firewall or private endpoint refuses this machine. Connect to the network"],
    ["gone-kv", "The vault answered that it does not exist (it may be deleted). Check vaultName"],
    ["throttled-kv", "The vault is throttling requests. Wait a minute"],
  ])("%s", async (vault, words) => {
    azure.fault({ host: "throttled-kv.vault.azure.net", authorized: true, ...throttled });
    const run = await check(await shopOn(vault), ["--require-verified"]);
    // Of the references nothing is known; that there is no such vault is told of at its connector.
    const isGone = vault === "gone-kv";
    const [line, total, ...rest] = run.out.split("\n").slice(isGone ? 3 : 0);
    if (isGone) expect(run.out).toMatch(/^kv\.yaml:8:16: warning\[akv-vault-not-found\]/);
    expect(line).toContain(`2 references not verified: ${words}`);
    expect([total, ...rest]).toEqual([`${isGone ? "1 warning" : "No findings"} in 2 references, 2 files.`, ""]);
    expect(run).toMatchObject({ code: 3, err: "" });
  });

  test.each(["names-kv", "policy-kv"])("%s lists its secrets and refuses their values: the JSON keys alone are not verified, and the right that they need is named", async (vault) => {
    const folder = await tempFolder({ "kv.yaml": connectorText("kv", vault), "p.yaml": pipelineText(`${vaultReference("config")} ${vaultReference("config#user")} ${vaultReference("config#wrong")} ${vaultReference("confg")}`) });
    const run = await check(folder, ["--read-json-keys"]);
    expect(run.out).toContain(`error[vault-secret-not-found] Vault ${vault} holds no secret "confg". Did you mean "config"?`);
    expect(run.out.split("\n").slice(3)).toEqual([
      "2 references not verified: Your account may list the vault's secrets but not read them, which JSON keys need. Ask for the role Key Vault Secrets User, or the get permission in the access policy. Only JSON keys need it.",
      "1 error in 4 references, 2 files.",
      "",
    ]);
    expect(run).toMatchObject({ code: 1, err: "" });
    expect(azure.requests.filter((request) => request.status === 403 && request.path.startsWith("/secrets/config"))).toHaveLength(1);
  });

  test("all that is tried again and again, in one check: an error, a name that leads nowhere, a connection that is reset", async () => {
    azure.fault({ host: "broken-kv.vault.azure.net", authorized: true, ...broken });
    azure.fault({ host: `${demo.devVault}.vault.azure.net`, reset: true });
    const connectors = { broken: "broken-kv", nowhere: "nowhere-kv", reset: demo.devVault };
    const folder = await tempFolder({
      ...Object.fromEntries(Object.entries(connectors).map(([identifier, vault]) => [`${identifier}.yaml`, connectorText(identifier, vault)])),
      "p.yaml": pipelineText(Object.keys(connectors).map((identifier) => vaultReference("no-such-secret", identifier)).join(" ")),
    });
    // The proxy cannot resolve the name, and says so with a status that Azure uses as well.
    expect(await check(folder, [])).toEqual({
      code: 0,
      out: [
        "2 references not verified: Azure, or a proxy on the way to it, answered with an error. Try again later. If it lasts, check the vault's name and the proxy.",
        "1 reference not verified: The vault could not be reached. Check the network, proxy and the vault's name. Harness reaches the vault from its delegate.",
        "No findings in 3 references, 4 files.",
        "",
      ].join("\n"),
      err: "",
    });
  }, 60_000);

  test("nobody is signed in", async () => {
    const az = writeFakeAz(await tempFolder(), { azure });
    const run = await bundle.run(await shopOn(demo.devVault), ["check"], { ...azure.env(), ...az.env });
    expect(run.out).toMatch(/^2 references not verified: You are not signed in to Azure\. .*az login in a terminal\.\nNo findings in 2 references, 2 files\.\n$/);
    expect(run).toMatchObject({ code: 0, err: "" });
  });

  test("the environment names no application", async () => {
    const run = await bundle.run(await shopOn(demo.devVault), ["check", ...asApplication], azure.env());
    expect(run.out).toMatch(/^2 references not verified: You are not signed in to Azure\./);
    expect(azure.requests.filter((request) => request.hadAuthorization || request.host.startsWith("login."))).toEqual([]);
  });

  test("the certificate is not trusted", async () => {
    const run = await check(await shopOn(demo.devVault), [], { NODE_EXTRA_CA_CERTS: "" });
    expect(run.out).toMatch(/^2 references not verified: The vault's certificate is not trusted on this machine\. Point NODE_EXTRA_CA_CERTS/);
    expect(azure.requests.filter((request) => request.hadAuthorization)).toEqual([]);
  });

  test("one that answers beside one that does not is checked", async () => {
    const folder = await tempFolder({
      "a.yaml": connectorText("a", "closed-kv"),
      "b.yaml": connectorText("b", demo.devVault),
      "p.yaml": pipelineText(`${vaultReference("db-pasword", "a")} ${vaultReference("db-pasword", "b")}`),
    });
    const found = await report(folder, []);
    expect(found.findings.map(({ rule, message }) => [rule, message])).toEqual([["vault-secret-not-found", `Vault ${demo.devVault} holds no secret "db-pasword". Did you mean "db-password"?`]]);
    expect(found.summary.notVerified).toEqual({ count: 1, reasons: { forbidden: 1 } });
  });
});

test("T17: with every log of the libraries on, no value, token or client secret is written", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText("kv", "canary-kv"), "p.yaml": pipelineText(`${vaultReference("config#user")} ${vaultReference("config#deep")} ${vaultReference("config#wrong")}`) });
  const run = await check(folder, ["--read-json-keys"], { AZURE_LOG_LEVEL: "verbose", DEBUG: "*", NODE_DEBUG: "http,https,net,tls" });
  expect(run.code).toBe(1);
  expect(run.out).toContain("error[json-key-not-found]");
  expect(run.out).toContain("1 error in 3 references, 2 files.");
  expect(run.err).toContain("keyvault-secrets:info");
  const token = azure.tokenFor(demo.appObjectId, "https://vault.azure.net").split(".")[0] ?? "";
  for (const secret of [canary, demo.clientSecret, `${token}.`]) {
    for (const form of [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")]) {
      expect(run.out).not.toContain(form);
      expect(run.err).not.toContain(form);
    }
  }
});

test("T26: with NODE_TLS_REJECT_UNAUTHORIZED=0 nothing is asked", async () => {
  const run = await check(demoFolder, [], { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  expect(run).toMatchObject({ code: 2, out: "" });
  expect(run.err).toMatch(/^keyline: NODE_TLS_REJECT_UNAUTHORIZED=0 turns off certificate checks\./);
  expect(azure.requests).toEqual([]);
});

test("an interrupt ends a check that waits for a vault, with 130 and no report", async () => {
  azure.fault({ host: /vault/, stallHeaders: true });
  const child = spawn(process.execPath, [join(bundle.folder(), "cli.js"), "check", ...asApplication], {
    cwd: await shopOn(demo.devVault),
    env: { PATH: process.env["PATH"] ?? "", ...azure.env(), ...application },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  await vi.waitUntil(() => azure.requests.some((request) => request.host.includes("vault")), { timeout: 15_000 });
  child.kill("SIGINT");
  expect([await ended, printed]).toEqual([130, ""]);
});

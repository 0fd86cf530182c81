/** Each way to sign in: where its credential may go, and what Entra's answers mean. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { Agent, HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import { generateCACertificate } from "mockttp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chosenSource } from "../../server/src/vault/azure/credentials.ts";
import { machineOnly } from "../../server/src/vault/azure/loginTransport.ts";
import type { SourceAnswer, TokenAsk } from "../../server/src/vault/azure/tokenBroker.ts";
import type { CredentialChoice } from "../../server/src/vault/credentialChoice.ts";
import { addApp, createDirectory } from "../azure/directory.ts";
import { entraError } from "../azure/entra.ts";
import type { LocalRequest } from "../azure/localAnswer.ts";
import { createLocalServices } from "../azure/localServices.ts";

const tenant = "11111111-2222-3333-4444-555555555555";
const clientId = "11111111-2222-3333-4444-666666666666";
const secret = "demo-client-secret-not-real";
const ask: TokenAsk = { cloud: "public", tenant, audience: "vault", scope: "https://vault.azure.net/.default", authorityHost: "https://login.microsoftonline.com" };
const clientSecret: CredentialChoice = { kind: "client-secret", tenant, clientId };
const never = new AbortController().signal;
/** Set for each test by what the SDK knows of the machine; none of them may move anything. */
const hostileVariables = { AZURE_AUTHORITY_HOST: "https://sink.example", IDENTITY_ENDPOINT: "http://169.254.169.1/token", IDENTITY_HEADER: "x", MSI_ENDPOINT: "http://127.0.0.1:9/msi", AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9" };

let folder: string;
let hosts: string[];
let entra: HttpClient;
let bodies: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keyline-credentials-"));
});

beforeEach(() => {
  hosts = [];
  bodies = [];
  const services = createLocalServices({});
  addApp(services.directory, { clientId, clientSecret: secret, tenant, objectId: "11111111-2222-3333-4444-777777777777", acceptsAssertions: true });
  entra = clientOver((request) => services.answer(request));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function clientOver(answer: (request: LocalRequest) => { status: number; headers: Readonly<Record<string, string>>; body: string }): HttpClient {
  return {
    sendRequest: (request) => {
      const url = new URL(request.url);
      hosts.push(url.hostname);
      const body = typeof request.body === "string" ? request.body : "";
      bodies.push(body);
      const { status, headers, body: bodyAsText } = answer({ method: request.method, host: url.hostname, path: url.pathname, query: url.searchParams, headers: {}, body: Buffer.from(body) });
      return Promise.resolve({ request, status, headers: createHttpHeaders(headers), bodyAsText });
    },
  };
}

interface Given {
  readonly secret?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  readonly httpClient?: HttpClient;
  readonly session?: string;
}

function token(credential: CredentialChoice | undefined, given: Given = {}, of: TokenAsk = ask): Promise<SourceAnswer> {
  const source = chosenSource({
    session: () => Promise.resolve(given.session),
    environment: given.environment ?? {},
    clientSecret: () => Promise.resolve("secret" in given ? given.secret : secret),
    httpClient: given.httpClient ?? entra,
  });
  return source(credential === undefined ? of : { ...of, credential }, never);
}

async function withVariables<T>(variables: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

test("a client secret gives a token from Entra's host of the cloud", async () => {
  expect(await token(clientSecret)).toMatchObject({ token: expect.any(String) as string });
  expect(new Set(hosts)).toEqual(new Set(["login.microsoftonline.com"]));
});

test("T34, T39: variables of the environment move nothing, and this machine's endpoints are not called", async () => {
  const answers = await withVariables(hostileVariables, () => Promise.all([token(clientSecret), token({ kind: "environment" }, { environment: { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: secret } })]));
  for (const answer of answers) expect(answer).toHaveProperty("token");
  expect(new Set(hosts)).toEqual(new Set(["login.microsoftonline.com"]));
});

describe("what is not there sends nothing", () => {
  test.each([
    ["a client secret that was forgotten", clientSecret, { secret: undefined }],
    ["a session that is not there", { kind: "vscode" }, {}],
    ["an environment without variables", { kind: "environment" }, {}],
    ["a workload identity without its token file", { kind: "workload-identity" }, { environment: { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId } }],
    ["no choice", undefined, {}],
  ] as const)("%s", async (_what, credential, given) => {
    expect(await token(credential, given)).toMatchObject({ reason: "not-signed-in" });
    expect(hosts).toEqual([]);
  });

  test("an identity of another tenant", async () => {
    const other = { ...ask, tenant: "99999999-2222-3333-4444-555555555555" };
    for (const choice of [clientSecret, { kind: "client-certificate", tenant, clientId, path: "x.pem" } as const]) expect(await token(choice, {}, other)).toEqual({ reason: "wrong-tenant", cause: "wrong-tenant" });
    expect(hosts).toEqual([]);
  });
});

describe("Entra's refusals", () => {
  test("a wrong secret", async () => {
    expect(await token(clientSecret, { secret: "another" })).toEqual({ reason: "credential-refused", cause: "wrong-client-secret" });
  });

  test("an application that the tenant does not have", async () => {
    expect(await token({ kind: "client-secret", tenant, clientId: "11111111-2222-3333-4444-999999999999" })).toEqual({ reason: "credential-refused", cause: "unknown-application" });
  });

  test("a tenant that does not exist", async () => {
    const nowhere = "99999999-2222-3333-4444-555555555555";
    expect(await token({ kind: "client-secret", tenant: nowhere, clientId }, {}, { ...ask, tenant: nowhere })).toEqual({ reason: "tenant-not-found", cause: "tenant-not-found" });
  });

  test.each([
    [7000222, "credential-refused", "expired-client-secret"],
    [700027, "credential-refused", "certificate-refused"],
    [700024, "not-signed-in", "clock"],
    [500133, "not-signed-in", "clock"],
    [50105, "not-signed-in", "not-signed-in"],
  ])("AADSTS%i", async (code, reason, cause) => {
    const services = createLocalServices({});
    addApp(services.directory, { clientId, clientSecret: secret, tenant, objectId: "11111111-2222-3333-4444-777777777777" });
    const httpClient = clientOver((request) => (request.method === "POST" ? entraError(401, "invalid_client", code, `The app '${clientId}' …`, Date.now()) : services.answer(request)));
    const answer = await token(clientSecret, { httpClient });
    expect(answer).toEqual({ reason, cause });
  });

  test.each([
    ["<html>Forbidden</html>", 403, "network-blocked", "proxy"],
    ["", 407, "network-blocked", "proxy"],
    ["", 503, "service-error", "service-error"],
    ["{}", 429, "throttled", "throttled"],
  ])("an answer from between: %j %i", async (body, status, reason, cause) => {
    expect(await token(clientSecret, { httpClient: clientOver(() => ({ status, headers: {}, body })) })).toEqual({ reason, cause });
  });
});

describe("a certificate", () => {
  test("signs in with its file", async () => {
    const path = join(folder, "app.pem");
    const { key, cert } = await generateCACertificate({ bits: 2048 });
    writeFileSync(path, `${key}\n${cert}`);
    expect(await token({ kind: "client-certificate", tenant, clientId, path })).toHaveProperty("token");
    expect(bodies.some((body) => body.includes("client_assertion="))).toBe(true);
  });

  test.each([
    ["that is missing", undefined],
    ["that holds no certificate", "not a certificate"],
  ])("%s has its own cause, and nothing is sent", async (_which, content) => {
    const path = join(folder, "broken.pem");
    if (content !== undefined) writeFileSync(path, content);
    else rmSync(path, { force: true });
    expect(await token({ kind: "client-certificate", tenant, clientId, path })).toEqual({ reason: "not-signed-in", cause: "certificate-unreadable" });
    expect(hosts).toEqual([]);
  });
});

test("a workload identity exchanges the token of its file", async () => {
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "demo-assertion-not-real");
  const environment = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_FEDERATED_TOKEN_FILE: tokenFile };
  expect(await token({ kind: "workload-identity" }, { environment })).toHaveProperty("token");
  expect(new Set(hosts)).toEqual(new Set(["login.microsoftonline.com"]));
});

describe("a managed identity", () => {
  const metadata = (): HttpClient => clientOver(() => ({ status: 200, headers: {}, body: JSON.stringify({ access_token: "demo-token", expires_in: "3599", resource: "https://vault.azure.net", token_type: "Bearer" }) }));

  test.each([undefined, clientId])("is asked of this machine alone (client ID: %s)", async (of) => {
    const answer = await token({ kind: "managed-identity", ...(of === undefined ? {} : { clientId: of }) }, { httpClient: metadata() });
    expect(answer).toMatchObject({ token: "demo-token" });
    expect(new Set(hosts)).toEqual(new Set(["169.254.169.254"]));
  });

  test.each(["http://sink.example/token", "https://login.microsoftonline.com/x", "http://10.0.0.1/token", "http://127.0.0.1.sink.example/"])("T39: never leaves this machine for %s", async (url) => {
    const gate = machineOnly(metadata());
    await expect(gate.sendRequest(createPipelineRequest({ url }))).rejects.toThrow();
    expect(gate.trouble()).toEqual({ reason: "service-error", cause: "service-error" });
    expect(hosts).toEqual([]);
  });

  test.each([undefined, clientId])("T34: is no way for the token of AZURE_FEDERATED_TOKEN_FILE to another host (client ID: %s)", async (of) => {
    const path = join(folder, "federated");
    writeFileSync(path, "demo-assertion-not-real");
    // A proxy that writes down who is asked for, because what the SDK builds of its own takes no transport of ours.
    const asked: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const variables = { ...hostileVariables, HTTPS_PROXY: `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`, AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_FEDERATED_TOKEN_FILE: path };
    const answer = await withVariables(variables, () => token({ kind: "managed-identity", ...(of === undefined ? {} : { clientId: of }) }));
    await new Promise((resolve) => proxy.close(resolve));
    expect(answer).toEqual({ reason: "not-signed-in", cause: "not-signed-in" });
    expect([...asked, ...hosts]).toEqual([]);
  });

  test("passes by every proxy", async () => {
    let sent: PipelineRequest | undefined;
    const gate = machineOnly({
      sendRequest: (request) => {
        sent = request;
        return Promise.resolve({ request, status: 200, headers: createHttpHeaders(), bodyAsText: "{}" });
      },
    });
    const request = createPipelineRequest({ url: "http://169.254.169.254/metadata", proxySettings: { host: "http://proxy.example", port: 8080 } });
    await gate.sendRequest({ ...request, agent: {} as Agent });
    expect([sent?.agent, sent?.proxySettings]).toEqual([undefined, undefined]);
  });
});

test("T17: no answer holds a credential or Entra's text", async () => {
  const answers = await Promise.all([token(clientSecret, { secret: "canary-4f1c9be0" }), token(clientSecret, { httpClient: clientOver(() => ({ status: 400, headers: {}, body: JSON.stringify({ error_codes: [7000215], error_description: "canary-4f1c9be0" }) })) })]);
  expect(JSON.stringify(answers)).not.toContain("canary");
  expect(createDirectory().principals.size).toBe(0);
});

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { jsonKeyProblem, namedKeys, secretPath } from "../../client/src/entities/secretPath.ts";
import type { SecretBody, SecretContent } from "../../client/src/entities/secretYaml.ts";
import { secretYaml } from "../../client/src/entities/secretYaml.ts";
import { connectorYaml } from "../../client/src/connectors/connectorYaml.ts";
import { analyze, defaultSettings, diagnostics, emptyConfig, emptyDirectory, Facts, WorkspaceModel } from "../../server/src/core/index.ts";
import type { Entity } from "../../server/src/core/index.ts";
import type { Scope } from "../../server/src/core/model/scope.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };

const guid = "11111111-2222-3333-4444-555555555555";
const project = { level: "project", org: "default", project: "shop" } as const;

function content(body: SecretBody, more: Partial<SecretContent> = {}): SecretContent {
  return { scope: project, name: "db password", identifier: "db_password", description: "", tags: [], body, ...more };
}

const reference: SecretBody = { type: "SecretText", connector: "account.My_AKV", path: "db-password#user" };
const connector = connectorYaml({ scope: { level: "account" }, name: "My AKV", identifier: "My_AKV", description: "", tags: [], settings: { clientId: guid, tenantId: guid, secretKey: "account.sp", vaultName: "my-vault", subscription: guid } });
const others = ["account.ssh_key", "account.pass", "account.phrase"].map((id) => secretYaml(content(reference, { scope: { level: "account" }, identifier: id.slice(8), name: id.slice(8) })));

/** What the server reads in the text, beside a connector and three account secrets, and what it finds wrong with it. */
function read(yaml: string, scope: Scope): { readonly entity: Entity | undefined; readonly findings: readonly string[] } {
  const analysis = analyze("file:///w/.harness/secret.yaml", yaml);
  const around = [connector, ...others].flatMap((text, index) => analyze(`file:///w/${String(index)}.yaml`, text).entities);
  // What names no scope in its text has it from keyline.jsonc, to which the wizard adds the file.
  const workspace = new WorkspaceModel(emptyConfig, [...analysis.entities, ...around], (uri) => (uri === analysis.uri ? scope : { level: "account" }));
  const findings = diagnostics({ analysis, workspace, facts: new Facts([], "not-approved"), directory: emptyDirectory, now: 0, settings: defaultSettings });
  return { entity: analysis.entities[0] === undefined ? undefined : workspace.place(analysis.entities[0]), findings: findings.filter(({ severity }) => severity !== "hint").map(({ rule, message }) => `${rule} ${message}`) };
}

test("a reference is written in Harness's shape and order", () => {
  expect(secretYaml(content(reference))).toBe(`secret:
  type: SecretText
  name: db password
  identifier: db_password
  orgIdentifier: default
  projectIdentifier: shop
  tags: {}
  description: ""
  spec:
    secretManagerIdentifier: account.My_AKV
    valueType: Reference
    value: db-password#user
`);
});

test("an SSH key is written with each part under its kind", () => {
  const auth = { type: "SSH", credentialType: "KeyReference", userName: "deploy", key: "account.ssh_key", encryptedPassphrase: "account.phrase" } as const;
  expect(secretYaml(content({ type: "SSHKey", port: 22, auth }, { scope: { level: "account" } }))).toBe(`secret:
  type: SSHKey
  name: db password
  identifier: db_password
  tags: {}
  description: ""
  spec:
    port: 22
    auth:
      type: SSH
      spec:
        credentialType: KeyReference
        spec:
          userName: deploy
          key: account.ssh_key
          encryptedPassphrase: account.phrase
`);
});

test("a WinRM credential is written with its flags beside the identity", () => {
  const auth = { type: "NTLM", domain: "CORP", username: "svc", password: "account.pass" } as const;
  expect(secretYaml(content({ type: "WinRmCredentials", port: 5986, auth, useSSL: true, skipCertChecks: false, useNoProfile: true, parameters: [{ parameter: "a", value: "b" }] }, { scope: { level: "org", org: "default" } }))).toBe(`secret:
  type: WinRmCredentials
  name: db password
  identifier: db_password
  orgIdentifier: default
  tags: {}
  description: ""
  spec:
    port: 5986
    auth:
      type: NTLM
      spec:
        domain: CORP
        username: svc
        password: account.pass
        useSSL: true
        skipCertChecks: false
        useNoProfile: true
    parameters:
      - parameter: a
        value: b
`);
});

const flags = { useSSL: true, skipCertChecks: false, useNoProfile: true, parameters: [] } as const;
const bodies: readonly (readonly [string, SecretBody, readonly string[]])[] = [
  ["a reference", reference, []],
  ["a reference to a version", { ...reference, path: `cfg#a.b/${"0123456789abcdef".repeat(2)}` }, []],
  ["SSH with a key", { type: "SSHKey", port: 22, auth: { type: "SSH", credentialType: "KeyReference", userName: "a", key: "account.ssh_key" } }, ["account.ssh_key"]],
  ["SSH with a key file", { type: "SSHKey", port: 22, auth: { type: "SSH", credentialType: "KeyPath", userName: "a", keyPath: "/k", encryptedPassphrase: "account.phrase" } }, ["account.phrase"]],
  ["SSH with a password", { type: "SSHKey", port: 2222, auth: { type: "SSH", credentialType: "Password", userName: "a", password: "account.pass" } }, ["account.pass"]],
  ["SSH with Kerberos and a key tab", { type: "SSHKey", port: 22, auth: { type: "Kerberos", principal: "a", realm: "R", tgt: { method: "KeyTabFilePath", keyPath: "/k" } } }, []],
  ["SSH with Kerberos and a password", { type: "SSHKey", port: 22, auth: { type: "Kerberos", principal: "a", realm: "R", tgt: { method: "Password", password: "account.pass" } } }, ["account.pass"]],
  ["WinRM with NTLM", { type: "WinRmCredentials", port: 5986, auth: { type: "NTLM", domain: "D", username: "a", password: "account.pass" }, ...flags }, ["account.pass"]],
  ["WinRM with Kerberos", { type: "WinRmCredentials", port: 5986, auth: { type: "Kerberos", principal: "a", realm: "R" }, ...flags }, []],
];

test.each(bodies)("%s is read again with its scope, type and references, and nothing is wrong with it", (_what, body, references) => {
  for (const scope of [project, { level: "org", org: "default" }, { level: "account" }] as const) {
    const yaml = secretYaml(content(body, { scope }));
    const { entity, findings } = read(yaml, scope);
    expect(entity).toMatchObject({ kind: "secret", type: body.type, identifier: "db_password", name: "db password", scope, ...(body.type === "SecretText" ? { connector: body.connector, path: body.path, valueType: "Reference" } : {}) });
    expect(findings).toEqual([]);
    expect(analyze("file:///w/a.yaml", yaml).references.map(({ argument }) => argument?.text)).toEqual(references);
  }
});

test.each([...vectors.strings, "no", "1_000", "a: b", "# x", "it's", 'say "hi"', "line\nbreak", "\u0000"])("text stays text: %j", (text) => {
  const yaml = secretYaml(content({ type: "SSHKey", port: 22, auth: { type: "SSH", credentialType: "KeyPath", userName: text, keyPath: text } }, { name: text, description: text, tags: [["key", text]] }));
  for (const version of ["1.1", "1.2"] as const) {
    const { secret } = parse(yaml, { version }) as { readonly secret: { readonly name: string; readonly description: string; readonly tags: object; readonly spec: unknown } };
    expect(secret).toMatchObject({ name: text, description: text, tags: { key: text }, spec: { auth: { spec: { spec: { userName: text, keyPath: text } } } } });
  }
});

describe("a path", () => {
  test("names the key before the version, as Harness reads it", () => {
    expect(secretPath({ name: "cfg" })).toBe("cfg");
    expect(secretPath({ name: "cfg", version: "ab", jsonKeys: ["a", "b"] })).toBe("cfg#a.b/ab");
  });

  test("cannot name every key: dots are borders, a slash ends it", () => {
    expect(namedKeys([{ name: "a", children: [{ name: "b" }, { name: "c.d" }] }, { name: "e/f", children: [{ name: "g" }] }, { name: "" }, { name: "<+x" }])).toEqual([["a"], ["a", "b"]]);
    expect([..."/ a..b a/b <+a".split(" "), ""].map((text) => jsonKeyProblem(text) === undefined)).toEqual([false, false, false, false, false]);
    expect(jsonKeyProblem("a.b c#d")).toBeUndefined();
  });
});

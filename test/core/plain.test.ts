import { expect, test } from "vitest";
import { applyFix, check, fixture } from "./fixture.ts";

const head = "pipeline:\n  identifier: p\n  orgIdentifier: o\n  projectIdentifier: q\n";

function references(text: string): readonly string[] {
  return fixture(text).snapshot.analysis.references.map((reference) => `${reference.form} ${reference.argument.text}${reference.dynamic ? " dynamic" : ""}`);
}

test("Secret variables, value and default", () => {
  const text = `${head}  variables:
    - name: a
      type: Secret
      default: org.fallback
      value: account.db
    - name: b
      type: Secret
      value: <+input>
    - name: c
      type: Secret
      value: ""
    - { name: d, type: Secret, value: db }
    - name: e
      type: String
      value: none
    - name: f
      type: Secret
      value: \${TF_VALUE}
`;
  check(text);
  expect(references(text)).toEqual(["plain org.fallback", "plain account.db", "plain db", "plain ${TF_VALUE} dynamic"]);
});

test("what is no reference", () => {
  const text = `${head}  outputVariables:
    - { name: OUT, type: Secret, value: OUT }
  volumes:
    - type: Secret
      name: v
      spec: { secretName: k8s }
  connectorRef: account.docker
  serviceRef: svc
  environmentRef: env
`;
  check(text);
  expect(references(text)).toEqual([]);
});

test("fields of connectors, by type", () => {
  const text = `connector:
  identifier: c
  orgIdentifier: o
  projectIdentifier: q
  type: Github
  spec:
    authentication:
      spec:
        spec:
          username: someone
          tokenRef: account.gh_token
    apiAccess:
      spec:
        privateKeyRef: gh_key
`;
  check(text);
  expect(references(text)).toEqual(["plain account.gh_token", "plain gh_key"]);
  expect(references("connector:\n  identifier: c\n  type: CustomSecretManager\n  spec:\n    connectorRef: account.ssh\n")).toEqual(["plain account.ssh"]);
  expect(references("connector:\n  identifier: c\n  type: Aws\n  spec:\n    accessKey: plain-text\n    secretKeyRef: account.k\n")).toEqual(["plain account.k"]);
});

test("SSH and WinRM secrets, triggers, infrastructure, secret files", () => {
  expect(references("secret:\n  type: SSHKey\n  identifier: s\n  spec:\n    auth:\n      spec:\n        spec:\n          userName: u\n          key: account.k\n          encryptedPassphrase: account.p\n")).toEqual(["plain account.k", "plain account.p"]);
  expect(references("trigger:\n  identifier: t\n  encryptedWebhookSecretIdentifier: hook\n")).toEqual(["plain hook"]);
  expect(references("infrastructureDefinition:\n  identifier: i\n  spec:\n    credentialsRef: account.ssh\n")).toEqual(["plain account.ssh"]);
  expect(references("service:\n  identifier: s\n  a:\n    secretFiles:\n      - account.f\n      - <+input>\n")).toEqual(["plain account.f"]);
});

test("an expression where an identifier is expected", () => {
  const variable = `${head}  variables:
    - name: a
      type: Secret
      value: <+secrets.getValue("db")>
#            ^^^^^^^^^^^^^^^^^^^^^^^^^ error[secret-var-expression] the identifier itself
`;
  check(variable);
  expect(references(variable)).toEqual(["expression db"]);
  expect(applyFix(variable, 'Write "db"')).toContain("value: db\n");
  check(`connector:
  identifier: c
  type: DockerRegistry
  spec:
    passwordRef: <+secrets.getValue("account.db")>
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[expression-in-ref] not an expression
`);
});

test("a file of version 1 takes an expression where an identifier is expected", () => {
  const pipeline = `version: 1
${head}  variables:
    - name: a
      type: Secret
      value: <+secrets.getValue("db")>
`;
  check(pipeline);
  expect(references(pipeline)).toEqual(["expression db"]);
  check(`version: 1
connector:
  identifier: c
  type: DockerRegistry
  spec:
    passwordRef: <+secrets.getValue("account.db")>
`);
});

test("paths in plain references", () => {
  check(`${head}  variables:
    - name: a
      type: Secret
      value: azurevault://akv/x
#            ^^^^^^^^^^^^^^^^^^ hint[uri-in-secret-ref] does not document
    - name: b
      type: Secret
      value: account.hashicorpvault://hv/p.q/x#k
#                                        ^^^ info[dots-in-plain-ref] dots
`);
  check(`connector:
  identifier: c
  type: DockerRegistry
  spec:
    passwordRef: account.azurevault://akv/x
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[uri-in-connector-ref] a path is refused
`);
});

test("a secret of a lower scope: an error in connectors and secrets, a hint elsewhere", () => {
  const connector = `connector:
  identifier: c
  type: DockerRegistry
  spec:
    passwordRef: docker_pw
#                ^^^^^^^^^ error[scope-mismatch] account secrets only
    usernameRef: org.docker_user
#                ^^^ error[scope-mismatch] account secrets only
#- scope **: account`;
  check(connector);
  expect(applyFix(connector, 'Write "account."')).toContain("passwordRef: account.docker_pw");
  check(`service:
  identifier: s
  serviceDefinition:
    spec:
      variables:
        - name: a
          type: Secret
          value: db
#                ^^ hint[scope-mismatch] account secrets only
#- scope **: account`);
  // What a template means without a prefix is of the project that runs it.
  check("template:\n  identifier: t\n  versionLabel: v\n  spec:\n    variables:\n      - { name: a, type: Secret, value: db }\n#- scope **: account");
  check("connector:\n  identifier: c\n  orgIdentifier: o\n  type: DockerRegistry\n  spec:\n    passwordRef: org.x\n");
});

test("an inline value is reported without being shown", () => {
  const found = check(`secret:
  type: SecretText
  identifier: s
  spec:
    secretManagerIdentifier: harnessSecretManager
    valueType: Inline
    value: planted-canary
#          ^^^^^^^^^^^^^^ error[inline-secret-value] Remove it
`);
  expect(JSON.stringify(found)).not.toContain("canary");
});

test("the scope of a file by its path", () => {
  const { snapshot } = fixture("#- /.harness/orgs/acme/projects/shop/pipelines/p.yaml\npipeline:\n  identifier: p\n  a: <+secrets.getValue(\"x\")>");
  expect(snapshot.analysis.pathScope).toEqual({ org: "acme", project: "shop" });
});

test("files that only look like Harness's", () => {
  for (const text of [
    "kind: pipeline\ntype: docker\nsteps:\n  - name: a\n    commands: [\"${{ secrets.x }}\"]\n",
    "trigger:\n  - main\npool: x\nsteps: []\n",
    "apiVersion: v1\nkind: Secret\nsecret:\n  identifier: x\n",
    "service:\n  type: ClusterIP\nsecret:\n  create: true\n",
  ]) expect(fixture(text).snapshot.analysis.isHarness).toBe(false);
});

import { expect, test } from "vitest";
import { applyFix, check, fixture } from "./fixture.ts";

function references(text: string): readonly string[] {
  return fixture(text).snapshot.analysis.references.map((reference) => `${reference.form} ${reference.argument.text}${reference.dynamic ? " dynamic" : ""}`);
}

test.each([
  ["Drone", "kind: pipeline\ntype: docker\nversion: 1\nname: ${{ secrets.x }}\n"],
  ["Azure Pipelines", "trigger:\n  branches:\n    include: [main]\nsteps:\n  - script: echo ${{ secrets.x }}\n"],
  ["GitHub workflows", "name: x\non: push\nenv:\n  A: ${{ secrets.X }}\njobs: {}\n"],
  ["Compose", "version: 1\nservices:\n  web:\n    image: ${{ secrets.x }}\n"],
  ["Kubernetes", "apiVersion: v1\nkind: Secret\nsecret:\n  identifier: x\nspec: {}\n"],
  ["Helm values", "service:\n  type: ClusterIP\nsecret:\n  create: true\n"],
  ["CircleCI", "version: 2.1\njobs: {}\n"],
  ["Jenkins", "pipeline:\n  agent: any\n  a: ${{ secrets.x }}\n"],
])("%s is none of Harness's", (_tool, text) => {
  expect(fixture(text).snapshot.analysis.isHarness).toBe(false);
  check(text);
});

test("a file of Drone with a key of Harness's is no file of version 1", () => {
  const text = "kind: pipeline\ntype: docker\nversion: 1\nspec: {}\npipeline:\n  identifier: p\n  a: ${{ secrets.x }}\n#    ^^^^^^^^^^^^^^^^ info[v3-syntax]";
  check(text);
});

test("Harness 3.0 is known by its version, or by a kind with a spec", () => {
  check("version: 1\nkind: pipeline\nspec: { run: '${{ secrets.x }}' }\n");
  const text = "kind: pipeline\nspec:\n  # <+secrets.getValue(\"acount.x\")>\n  run: ${{ secrets.x }}\n";
  expect(fixture(text).snapshot.analysis.isHarness).toBe(true);
  check(text);
});

test("a values file is read for its marker alone, and not for other generations' syntax", () => {
  check(`#- /chart/values.yaml
pw: <+ secrets.getValue("acount.x")>
#                        ^^^^^^ error[invalid-scope-prefix]
key: <+Secrets.getValue("y")>
#      ^^^^^^^ error[singular-secret]
old: \${secrets.getValue("y")} \${{ secrets.y }}
variables:
  - { name: a, type: Secret, value: acount.z }
`);
  check(`#- /chart/values.yaml\na: <+json.select("x", secrets.getValue("acount.y"))>\n`);
  check(`#- /chart/values.yaml\n# <secrets.getValue("x")>\n# ^ error[missing-plus]`);
});

test("the lists of Secret variables, and lists that only look like them", () => {
  expect(references(`pipeline:
  identifier: p
  stages:
    - stage:
        pipelineVariables: [{ name: a, type: Secret, value: v1 }]
        spec:
          steps:
            - stepGroup: { variables: [{ name: a, type: Secret, value: v2 }] }
            - parameterOverrides: [{ name: a, type: Secret, value: v3 }]
            - inputVariables: [{ name: a, type: Secret, value: v4 }]
            - inputs: [{ name: a, type: Secret, value: v5 }]
              attributes: [{ name: a, type: Secret, value: v6 }]
            - environmentVariables: [{ name: a, type: "Secret", value: v7 }]
            - outputVariables: [{ name: a, type: Secret, value: none }]
              volumes: [{ name: a, type: Secret, value: none }]
              outputs: [{ name: a, type: Secret, value: none }]
            - experiment:
                - { name: a, referenceKind: Secret, referenceType: SecretFile, value: v8 }
                - { name: a, referenceKind: Secret, value: v9 }
`)).toEqual(["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9"].map((value) => `plain ${value}`));
});

test("every way to write the value of a Secret variable", () => {
  expect(references(`pipeline:
  identifier: p
  variables:
  - value: a1
    type: Secret
    name: n
  - "name": n
    "type": Secret # a comment
    "value": a2 # another
  -
    name: n
    type: Secret
    value: >-
      a3
  - { name: n, type: Secret, value: !!str a4 }
  - { name: n, type: Secret, value: &anchor 'a5' }
  - { name: n, type: Secret, value: *anchor }
  - name: n
    type: Secret
    value:
      a6
  - { <<: *base, type: Secret, value: a7 }
  - { name: n, type: Secret, value: null }
  - { name: n, type: Secret, value: ~ }
  - { name: n, type: secret, value: none }
  - { name: n, type: Secret, value: "{{ template }}" }
  - { name: n, type: Secret, value: <+input>.default(account.x) }
`)).toEqual(["plain a1", "plain a2", "plain a3", "plain a4", "plain a5", "plain a6", "plain a7", "plain {{ template }} dynamic"]);
});

test("only secrets.getValue is refused in a Secret variable and a connector field; other faults are reported once", () => {
  check(`pipeline:
  identifier: p
  variables:
    - name: a
      type: Secret
      value: <+secret.getValue("x")>
#              ^^^^^^ error[singular-secret]
    - name: b
      type: Secret
      value: <+secrets.getvalue("x")>
#                      ^^^^^^^^ error[wrong-method-case]
    - name: c
      type: Secret
      value: <+pipeline.variables.x>
    - name: d
      type: Secret
      value: <+input>.default(<+secrets.getValue("x")>)
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[secret-var-expression]
`);
});

test("a deployment template's variables take an expression", () => {
  const variables = (indent: string): string => `${indent}variables:\n${indent}  - { name: a, type: Secret, value: '<+secrets.getValue("x")>' }\n`;
  check(`template:\n  identifier: t\n  versionLabel: v\n  spec:\n    infrastructure:\n${variables("      ")}`);
  check(`infrastructureDefinition:\n  identifier: i\n  orgIdentifier: o\n  projectIdentifier: q\n  type: CustomDeployment\n  spec:\n${variables("    ")}`);
});

test("a path in a connector field is one fault, whatever is wrong in the path", () => {
  for (const value of ["account.hashicorpvault://hv/a.b#c", "vault://hv/a", "https://v.vault.azure.net/secrets/x"]) {
    check(`connector:
  identifier: c
  type: Github
  spec:
    tokenRef: ${value}
#             ${"^".repeat(value.length)} error[uri-in-connector-ref]
`);
  }
});

test("fields that name something else", () => {
  expect(references(`connector:
  identifier: c
  type: K8sCluster
  spec:
    connectorRef: none
    templateRef: none
    projectRef: none
    delegateRef: none
    repoRef: none
    providerRef: none
    auth: { spec: { usernameRef: one, passwordRef: two } }
`)).toEqual(["plain one", "plain two"]);
  expect(references("pipeline:\n  identifier: p\n  passwordRef: none\n  secretManagerRef: none\n  a: { installationKeyRef: one, credentialsRef: two }\n")).toEqual(["plain one", "plain two"]);
  expect(references("secret:\n  identifier: s\n  type: SecretText\n  spec: { valueType: Reference, value: none, password: none }\n")).toEqual([]);
});

test("a secret manager of a lower scope", () => {
  const text = `secret:
  identifier: s
  type: SecretText
  spec:
    secretManagerIdentifier: org.akv
#                            ^^^ error[scope-mismatch] account connectors only
    valueType: Reference
    value: db
#- scope **: account`;
  check(text);
  expect(applyFix(text, 'Write "account."')).toContain("secretManagerIdentifier: account.akv");
});

test("a Key Vault URL as the path of a secret is wrong for every secret manager", () => {
  const text = `secret:
  identifier: s
  type: SecretText
  spec:
    secretManagerIdentifier: account.somewhere
    valueType: Reference
    value: https://v.vault.azure.net/secrets/db
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[akv-url]
`;
  check(text);
  expect(applyFix(text, 'Write "db"')).toContain("    value: db\n");
});

test("a literal pipeline variable counts in its own document alone", () => {
  const { snapshot } = fixture(`pipeline:
  identifier: p
  variables:
    - { name: id, type: String, value: db }
  a: <+secrets.getValue(<+pipeline.variables.id>)>
---
service:
  identifier: s
  a: <+secrets.getValue(<+pipeline.variables.id>)>
`);
  expect(snapshot.analysis.references.map((reference) => reference.substituted?.value)).toEqual(["db", undefined]);
});

test("a part of a pipeline by itself is read for references, and its input is none", () => {
  const stage = "stage:\n    identifier: s\n    type: Custom\n    variables:\n      - { name: a, type: Secret, value: account.x }\n      - { name: b, type: Secret, value: <+input> }\n";
  expect(references(`- ${stage}`)).toEqual(["plain account.x"]);
  expect(references(`${stage}`)).toEqual(["plain account.x"]);
  expect(references("stage: build\nvariables:\n  - { name: a, type: Secret, value: x }\n")).toEqual([]);
});

test("every expression in a comment of a values file is a warning, in another manifest only a secret is told", () => {
  check(`#- /chart/my-values.yaml
a: 1 # <+pipeline.name>
#      ^^^^^^^^^^^^^^^^ warning[expression-in-comment]
b: 1 #<+a>
#     ^^^^ warning[expression-in-comment]
`);
  check("#- /chart/other.yaml\na: 1 # <+pipeline.name>\n");
});

import { expect, test } from "vitest";
import { check, fixture } from "./fixture.ts";

function references(text: string): readonly string[] {
  return fixture(text).snapshot.analysis.references.map((reference) => `${reference.form} ${reference.argument.text}${reference.dynamic ? " dynamic" : ""}`);
}

function kind(text: string): string | undefined {
  const { documents, isHarness } = fixture(text).snapshot.analysis;
  return isHarness ? documents[0]?.kind : undefined;
}

const secretVariables = (indent: string, value = "account.x"): string => `${indent}variables:\n${indent}  - name: a\n${indent}    type: Secret\n${indent}    value: ${value}\n`;

test.each([
  ["a stage without identifier", `stage:\n  name: s\n${secretVariables("  ")}`],
  ["a step without identifier", `- step:\n    name: s\n    type: Run\n    spec:\n${secretVariables("      ").replace("variables", "environmentVariables")}`],
  ["a step group", `- stepGroup:\n${secretVariables("    ")}`],
  ["what a stage overrides", `stageOverrides:\n${secretVariables("  ")}`],
  ["what a stage overrides, in a list", `- stageOverrides:\n${secretVariables("    ")}`],
  ["custom variables", "customVariables:\n  - name: a\n    type: Secret\n    value: account.x\n"],
  ["custom variables in a list", "- customVariables: [{ name: a, type: Secret, value: account.x }]\n"],
  ["a later item of a list", `- name: first\n- stage:\n${secretVariables("    ")}`],
  ["a part that stands in parallel", `- parallel:\n    - step:\n${secretVariables("        ")}`],
  ["a list of stages under its key", `stages:\n  - stage:\n      identifier: s\n      type: Custom\n${secretVariables("      ")}`],
])("a part of a pipeline: %s", (_what, text) => {
  expect(kind(text)).toBe("fragment");
  expect(references(text)).toEqual(["plain account.x"]);
  check(text);
});

test("an expression makes a stage or a step a part of a pipeline where it has the shape of one, and other keys in any case", () => {
  expect(kind("- step:\n    type: Run\n    spec:\n      command: echo <+pipeline.name>\n      credentialsRef: account.ssh\n")).toBe("fragment");
  expect(kind("stage:\n  template: { templateRef: t, templateInputs: <+input> }\n")).toBe("fragment");
  expect(kind("stageOverrides:\n  manifests: <+input>\n")).toBe("fragment");
  expect(kind("customVariables:\n  - { name: a, type: String, value: <+input> }\n")).toBe("fragment");
  expect(kind('stage:\n  password: <+secrets.getValue("x")>\n')).toBeUndefined();
  expect(kind("stage:\n  type: prod\n  url: none\n")).toBeUndefined();
});

test.each([
  ["Bitbucket", "- step:\n    name: build\n    script: [make]\n"],
  ["GitLab CI's stage", "stages: [build]\nbuild:\n  stage: build\n  variables: { A: '<+x>' }\n"],
  ["Azure Pipelines' stages", "stages:\n  - stage: Build\n    variables:\n      - name: a\n        value: account.x\n    jobs: []\n"],
  ["a Kubernetes object with a stage", "apiVersion: kargo.akuity.io/v1alpha1\nkind: Stage\nstage:\n  identifier: s\n  type: x\n"],
  ["outputs of a step", "step:\n  outputVariables: [{ name: a, type: Secret, value: a }]\n"],
])("no part of a pipeline: %s", (_tool, text) => {
  expect(kind(text)).toBeUndefined();
  expect(references(text)).toEqual([]);
  check(text);
});

const overrideSpec = `variables:
  - name: pw
    type: Secret
    value: account.db_password
  - name: region
    type: String
    value: <+input>
manifests:
  - manifest:
      identifier: m
      type: Values
      spec:
        store:
          type: Github
          spec: { connectorRef: account.gh, paths: [values.yaml] }
configFiles:
  - configFile:
      identifier: c
      spec:
        store:
          type: Harness
          spec:
            secretFiles:
              - org.cert
applicationSettings:
  store:
    type: Harness
    spec:
      secretFiles: [app_settings]
connectionStrings:
  store: { type: Harness, spec: { secretFiles: [account.strings] } }
`;

test("the specification of an override, as Terraform takes it", () => {
  expect(kind(overrideSpec)).toBe("override");
  expect(references(overrideSpec)).toEqual(["plain account.db_password", "plain org.cert", "plain app_settings", "plain account.strings"]);
  check(overrideSpec);
});

test.each([
  ["a Secret variable", "variables:\n  - { name: a, type: Secret, value: account.x }\n", ["plain account.x"]],
  ["an expression", 'variables:\n  - { name: a, type: String, value: \'<+secrets.getValue("x")>\' }\n', ["expression x"]],
  ["a store of Harness", "configFiles:\n  - configFile: { identifier: c, spec: { store: { type: Harness, spec: { secretFiles: [x] } } } }\n", ["plain x"]],
  ["the ids of a project", "orgIdentifier: o\nprojectIdentifier: q\nvariables:\n  - { name: a, type: Secret, value: x }\n", ["plain x"]],
])("the specification of an override is known by %s alone", (_mark, text, expected) => {
  expect(kind(text)).toBe("override");
  expect(references(text)).toEqual(expected);
});

test("an override without ids may live at any level: nothing is missing while its organization is not known", () => {
  const text = "variables:\n  - { name: a, type: Secret, value: org.dbb }\n";
  check(`#- /o.yaml\n${text}#- /keyline.jsonc\n{ "complete": ["org:o"] }`);
  check(`#- /o.yaml\n${text}#                                       ^^^ error[secret-not-found]\n#- /keyline.jsonc\n{ "organization": "o", "complete": ["org:o"] }`);
});

test("an override's Secret variable and its comments are judged as those of other files of Harness", () => {
  check(`variables:
  # <+secrets.getValue("acount.old")>
  - name: a
    type: Secret
    value: <+secrets.getValue("x")>
#          ^^^^^^^^^^^^^^^^^^^^^^^^ error[secret-var-expression]
`);
});

test.each([
  ["GitLab CI's variables", "variables:\n  A: account.x\n  B: <+x>\n  C: { value: acount.x, description: d }\n"],
  ["Azure Pipelines' variables", "variables:\n  - name: a\n    value: acount.x\n  - group: g\n  - template: t.yaml\n"],
  ["Azure Pipelines' variables beside others of its keys", "trigger: [main]\npool: { vmImage: x }\nvariables:\n  - { name: a, value: acount.x }\nsteps:\n  - script: echo <+x>\n"],
  ["Compose", "services:\n  web: { image: x }\nvariables:\n  - { name: a, type: Secret, value: acount.x }\n"],
  ["Kubernetes", "apiVersion: v1\nkind: List\nvariables:\n  - { name: a, type: Secret, value: acount.x }\n"],
  ["GitHub workflows", "on: push\njobs: {}\nvariables:\n  - { name: a, type: Secret, value: acount.x }\n"],
  ["Jenkins", "jenkins: {}\nvariables:\n  - { name: a, type: Secret, value: acount.x }\n"],
  ["a Helm chart's values", "replicas: 1\nconfigFiles:\n  a.conf: <+x>\nmanifests: []\n"],
  ["variables alone, with nothing of Harness", "variables:\n  - { name: a, type: String, value: x }\n"],
  ["names of manifests", "manifests: [a.yaml, b.yaml]\nvariables: <+x>\n"],
])("no specification of an override: %s", (_tool, text) => {
  expect(kind(text)).toBeUndefined();
  expect(references(text)).toEqual([]);
  check(text);
});

const workspaceVariables = "terraform_variables:\n  - { key: db, value: account.db, value_type: secret }\n  - { key: region, value: eu, value_type: string }\nenvironment_variables:\n  - { key: token, value: '<+pipeline.variables.x>', value_type: secret }\n";

test("secret variables of a workspace, by itself, below its key and in other files of Harness", () => {
  const expected = ["plain account.db", "plain <+pipeline.variables.x> dynamic"];
  const indented = workspaceVariables.replace(/^/gm, "  ").trimEnd();
  expect(references(`identifier: w\nname: w\n${workspaceVariables}`)).toEqual(expected);
  expect(references(`workspace:\n  identifier: w\n${indented}\n`)).toEqual(expected);
  expect(references(`template:\n  identifier: w\n  versionLabel: v\n${indented}\n`)).toEqual(expected);
  expect(references(workspaceVariables)).toEqual([]);
  expect(references("identifier: w\nterraform_variables: { db: { key: db, value: account.db, value_type: secret } }\n")).toEqual(["plain account.db"]);
});

test("an expression in a secret variable of a workspace is a reference, and nothing is said against it", () => {
  const text = 'identifier: w\nterraform_variables:\n  - { key: db, value: \'<+secrets.getValue("x")>\', value_type: secret }\n';
  expect(references(text)).toEqual(["expression x"]);
  check(text);
  check("workspace:\n  identifier: w\n  terraform_variables:\n    - { key: db, value: acount.x, value_type: secret }\n#                       ^^^^^^ error[invalid-scope-prefix]\n");
});

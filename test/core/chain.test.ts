import { expect, test } from "vitest";
import { applyFix, check } from "./fixture.ts";

const v1 = "0123456789abcdef0123456789abcdef";
const v2 = "fedcba9876543210fedcba9876543210";

const workspace = `
#- /keyline.jsonc
{ "organization": "default", "project": "shop", "complete": ["account", "org:default", "project:default/shop"],
  "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv" }],
  "secrets": [
    { "identifier": "db_password", "scope": "account", "connector": "akv", "value": "db-password", "name": "DB password" },
    { "identifier": "gone", "scope": "account", "connector": "akv", "value": "gone-secret" },
    { "identifier": "lost_manager", "scope": "account", "connector": "nowhere", "value": "x" },
    { "identifier": "user", "scope": "project:default/shop", "connector": "account.akv", "value": "cfg#endpoint.host" },
    { "identifier": "dotted", "scope": "project:default/shop", "connector": "account.akv", "value": "cfg#a.b" }
  ] }
#- /git.yaml
connector:
  identifier: git
  type: Github
  spec: {}
#- /hv.yaml
connector:
  identifier: hv
  type: Vault
  spec: {}`;

function pipeline(line: string, mark: string, vault = ""): string {
  return `pipeline:\n  identifier: p\n  script: |\n    ${line}\n${mark === "" ? "" : `#   ${mark}\n`}${workspace}\n${vault}`;
}

/** Expects one finding that covers exactly \`part\` of the line. */
function expectOne(line: string, part: string, expected: string, vault = ""): void {
  const at = line.indexOf(part);
  expect(at).toBeGreaterThanOrEqual(0);
  check(pipeline(line, `${" ".repeat(at)}${"^".repeat(part.length)} ${expected}`, vault));
}

const uri = (path: string): string => `<+secrets.getValue("account.azurevault://akv/${path}")>`;

test("a chain that is right to its end", () => {
  const vault = `#- vault shop-kv: db-password, cfg json:user;endpoint{host;port}`;
  check(pipeline(`<+secrets.getValue("account.db_password")> ${uri("db-password")} ${uri("cfg#user")} <+secrets.getValue("user")>`, "", vault));
});

test("names are compared ignoring case", () => {
  check(pipeline(uri("DB-Password"), "", `#- vault shop-kv: db-password`));
});

test("a name that a complete listing lacks", () => {
  expectOne(uri("db-pasword"), "db-pasword", `error[vault-secret-not-found] Vault shop-kv holds no secret "db-pasword". Did you mean "db-password"?`, `#- vault shop-kv: db-password\n#- deleted shop-kv: db-pasword gone`);
  expectOne(`<+secrets.getValue("account.gone")>`, "gone", `error[vault-secret-not-found] Secret "gone": Vault shop-kv holds no secret "gone-secret"`, `#- vault shop-kv: db-password\n#- deleted shop-kv: gone-secret gone`);
  const mended = applyFix(pipeline(uri("db-pasword"), "", `#- vault shop-kv: db-password\n#- deleted shop-kv: db-pasword gone`), 'Change to "db-password"');
  expect(mended).toContain(uri("db-password"));
});

test.each([
  ["nothing is known of the vault", ""],
  ["the listing is partial", "#- partial shop-kv: other"],
  ["the listing is stale", "#- vault shop-kv: other\n#- stale shop-kv: throttled"],
  ["the vault is forbidden", "#- unknown shop-kv: forbidden"],
  ["the vault cannot be reached", "#- unknown shop-kv: unreachable"],
  ["it is not known yet whether the secret is deleted", "#- vault shop-kv: other"],
])("unknown is not missing: %s", (_title, vault) => {
  check(pipeline(`${uri("db-password")} ${uri("db-password#k")} ${uri(`db-password/${v1}`)}`, "", vault));
});

test("a deleted secret says until when it can be recovered", () => {
  expectOne(uri("session-key"), "session-key", "error[vault-secret-deleted] recovered until 2026-01-31", "#- vault shop-kv: other\n#- deleted shop-kv: session-key");
});

test("versions", () => {
  const vault = `#- vault shop-kv: db-password versions:${v1} ${v2}!`;
  check(pipeline(uri(`db-password/${v1}`), "", vault));
  check(pipeline(uri(`db-password/${v1.toUpperCase()}`), "", vault));
  const unknown = "a".repeat(32);
  expectOne(uri(`db-password/${unknown}`), unknown, `error[vault-version-not-found] Its newest is ${v1}`, vault);
  expectOne(uri(`db-password/${v2}`), v2, "error[vault-version-disabled] pin another", vault);
  expect(applyFix(pipeline(uri(`db-password/${unknown}`), "", vault), `Change to "${v1}"`)).toContain(uri(`db-password/${v1}`));
});

test("a pinned version that is older than the latest, with both ages", () => {
  const vault = `#- vault shop-kv: db-password versions:${v2} ${v1}`;
  const words = `This version of secret "db-password" was made 2 days ago in vault shop-kv, the latest 1 day ago`;
  expectOne(uri(`db-password/${v1}`), v1, `info[vault-version-outdated] ${words}`, vault);
  expect(applyFix(pipeline(uri(`db-password/${v1}`), "", vault), `Change to "${v2}"`)).toContain(uri(`db-password/${v2}`));
  const secret = (mark = ""): string => `secret:
  type: SecretText
  identifier: pinned
  spec:
    secretManagerIdentifier: account.akv
    valueType: Reference
    value: db-password/${v1}
${mark}`;
  const own = `${secret(`#                      ${"^".repeat(32)} info[vault-version-outdated] ${words}\n`)}${workspace}\n${vault}`;
  check(own);
  expect(applyFix(own, `Change to "${v2}"`)).toContain(`value: db-password/${v2}`);
  expectOne(`<+secrets.getValue("account.pinned")>`, "pinned", `info[vault-version-outdated] Secret "pinned": ${words}`, `#- /pinned.yaml\n${secret()}${vault}`);
});

test("a disabled latest does not matter to a pinned reference", () => {
  check(pipeline(uri(`db-password/${v1}`), "", `#- vault shop-kv: db-password disabled versions:${v2}! ${v1}`));
});

test("the state of the latest version", () => {
  expectOne(uri("db-password"), "db-password", "error[vault-secret-disabled] disabled", "#- vault shop-kv: db-password disabled");
  expectOne(uri("db-password"), "db-password", "warning[vault-secret-expired] expired 40 days ago", "#- vault shop-kv: db-password expired");
  expectOne(uri("db-password"), "db-password", "info[vault-secret-expiring] expires in 12 days", "#- vault shop-kv: db-password expires:12");
  expectOne(uri("db-password"), "db-password", "warning[vault-secret-not-yet-valid] valid from 2026-01-06", "#- vault shop-kv: db-password starts:5");
  check(pipeline(uri("db-password"), "", "#- vault shop-kv: db-password expires:31"));
  check(pipeline(uri("db-password"), "", "#- vault shop-kv: db-password expires:12"), { expiringDays: 10 });
});

test("JSON keys", () => {
  const vault = "#- vault shop-kv: cfg json:user;endpoint{host;port}, plain text";
  expectOne(uri("cfg#usr"), "usr", `error[json-key-not-found] Did you mean "user"?`, vault);
  expectOne(uri("plain#user"), "user", "warning[json-value-not-json] returns all of it", vault);
  for (const key of ["toString", "__proto__", "constructor", "hasOwnProperty"]) expectOne(uri(`cfg#${key}`), key, "error[json-key-not-found]", vault);
  expectOne(`<+secrets.getValue("dotted")>`, "dotted", "info[json-dotted-key] nested path", "#- vault shop-kv: cfg json:a{b};a.b");
  expectOne(`<+secrets.getValue("user")>`, "user", "error[json-key-not-found]", "#- vault shop-kv: cfg json:endpoint{port}");
});

test("unknown identifiers and connectors of complete scopes", () => {
  expectOne(`<+secrets.getValue("account.db_pasword")>`, "db_pasword", `error[secret-not-found] Did you mean "db_password"?`);
  expectOne(`<+secrets.getValue("db_password")>`, "db_password", `error[secret-in-other-scope] Write "account.db_password"`);
  expectOne(`<+secrets.getValue("account.DB password")>`, "DB password", `error[name-used-as-identifier] "db_password"`);
  expectOne(`<+secrets.getValue("account.azurevault://akw/x")>`, "akw", `error[connector-not-found] Did you mean "akv"?`);
  expectOne(`<+secrets.getValue("account.azurevault://git/x")>`, "git", "error[connector-not-secret-manager] Github");
  expectOne(`<+secrets.getValue("account.azurevault://hv/x")>`, "hv", "error[connector-not-secret-manager] or the scheme");
  expectOne(`<+secrets.getValue("account.lost_manager")>`, "lost_manager", `error[connector-not-found] Secret "lost_manager"`);
  expect(applyFix(pipeline(`<+secrets.getValue("db_password")>`, ""), 'Write "account.db_password"')).toContain(`"account.db_password"`);
});

test("a scope that is not complete yields nothing", () => {
  check(`pipeline:
  identifier: p
  orgIdentifier: default
  projectIdentifier: other
  script: |
    <+secrets.getValue("anything")> <+secrets.getValue("azurevault://any/thing")>
${workspace}`);
});

test("an unprefixed expression in an account-scoped file is not checked against one project", () => {
  check(`template:\n  identifier: t\n  versionLabel: v1\n  spec:\n    script: <+secrets.getValue("nothing_here")>\n${workspace}`);
});

test("a placeholder as project makes the scope unknown", () => {
  check(`pipeline:\n  identifier: p\n  orgIdentifier: default\n  projectIdentifier: <+input>\n  a: <+secrets.getValue("nothing_here")>\n${workspace}`);
});

test("a literal variable of the same file is substituted", () => {
  check(`pipeline:
  identifier: p
  variables:
    - name: id
      type: String
      value: db_pasword
  script: <+secrets.getValue(<+pipeline.variables.id>)>
#                            ^^^^^^^^^^^^^^^^^^^^^^^^ error[secret-not-found] pipeline.variables.id is "db_pasword"
${workspace}`.replace("value: db_pasword", "value: account.db_pasword").replace('is "db_pasword"', 'is "account.db_pasword"'));
});

test("the path of a secret is checked in its own file", () => {
  check(`secret:
  type: SecretText
  identifier: x
  spec:
    secretManagerIdentifier: account.akv
    valueType: Reference
    value: db-pasword
#          ^^^^^^^^^^ error[vault-secret-not-found] Did you mean "db-password"?
${workspace}
#- vault shop-kv: db-password
#- deleted shop-kv: db-pasword gone`);
  check(`secret:
  type: SecretText
  identifier: x
  spec:
    secretManagerIdentifier: account.akw
#                                    ^^^ error[connector-not-found] Did you mean "akv"?
    valueType: Reference
    value: db-pasword
${workspace}`);
});

test("an inline secret's Name must be a Key Vault name", () => {
  check(`secret:
  type: SecretText
  name: db_password
#       ^^^^^^^^^^^ error[akv-secret-name] Name becomes the name
  identifier: x
  spec:
    secretManagerIdentifier: account.akv
    valueType: Inline
${workspace}`);
});

test("an inline secret whose Name is not known is neither missing nor wrongly named", () => {
  const secret = `secret:
  type: SecretText
  name: <+input>
  identifier: in_line
  spec:
    secretManagerIdentifier: account.akv
    valueType: Inline
`;
  check(`${secret}${workspace}\n#- vault shop-kv: other`);
  check(`pipeline:
  identifier: p
  orgIdentifier: default
  projectIdentifier: shop
  a: <+secrets.getValue("account.in_line")>
#                        ^^^^^^^^^^^^^^^ warning[not-verified] Not verified
#- /inline.yaml
${secret}${workspace}
#- vault shop-kv: other`, { rules: { "not-verified": "warning" } });
});

test("a SecretFile is followed into the vault by its Name, as an inline secret is", () => {
  const file = `secret:
  type: SecretFile
  name: kube-config
  identifier: kube_config
  spec:
    secretManagerIdentifier: account.akv
`;
  const written = (vault: string, mark = ""): string => `${pipeline(`<+secrets.getValue("account.kube_config")>`, mark, `#- /file.yaml\n${file}${vault}`)}`;
  const lacks = "#- vault shop-kv: other\n#- deleted shop-kv: kube-config gone";
  const at = " ".repeat(28).slice(8) + "^".repeat("account.kube_config".length);
  check(written("#- vault shop-kv: kube-config"), { rules: { "not-verified": "warning" } });
  check(written("", `${at} warning[not-verified] not approved`), { rules: { "not-verified": "warning" } });
  expectOne(`<+secrets.getValue("account.kube_config")>`, "kube_config", `error[vault-secret-not-found] Secret "kube_config": Vault shop-kv holds no secret "kube-config"`, `#- /file.yaml\n${file}${lacks}`);
  check(`${file}${workspace}\n${lacks}`);
  // No Key Vault secret can have this Name: there is nothing to ask for, and nothing is verified.
  check(written("#- vault shop-kv: other", `${at} warning[not-verified] Not verified`).replace("name: kube-config", "name: kube_config"), { rules: { "not-verified": "warning" } });
});

test("not-verified is silent unless it is turned on", () => {
  const text = pipeline(`<+secrets.getValue("account.db_password")>`, `                    ^^^^^^^^^^^^^^^^^^^ warning[not-verified] not approved`);
  check(text, { rules: { "not-verified": "warning" } });
});

test("severities of keyline.jsonc and of the user", () => {
  const text = pipeline(`<+secrets.getValue("acount.x")>`, "").replace(`"complete"`, `"rules": { "invalid-scope-prefix": "off" }, "complete"`);
  check(text);
  check(text.replace(`#- /keyline.jsonc`, `#                       ^^^^^^ hint[invalid-scope-prefix] no scope\n#- /keyline.jsonc`).replace("\n\n#    ", "\n#    "), { rules: { "invalid-scope-prefix": "hint" } });
});

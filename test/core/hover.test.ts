import { describe, expect, test } from "vitest";
import { hover, reasonWords } from "../../server/src/core/index.ts";
import type { NotVerifiedReason } from "../../server/src/core/index.ts";
import type { UnknownReason } from "../../server/src/core/model/facts.ts";
import { fixture, hovered } from "./fixture.ts";

const v1 = "0123456789abcdef0123456789abcdef";
const v2 = "fedcba9876543210fedcba9876543210";

const shop = `
#- /keyline.jsonc
{ "organization": "default", "project": "shop", "complete": ["account"],
  "connectors": [{ "identifier": "akv", "scope": "account", "vault": "shop-kv" }],
  "secrets": [
    { "identifier": "token", "scope": "account", "connector": "akv", "value": "docker-token", "name": "Docker token" },
    { "identifier": "host", "scope": "account", "connector": "akv", "value": "cfg#endpoint.host" },
    { "identifier": "built_in", "scope": "account", "connector": "harnessSecretManager" },
    { "identifier": "in_hv", "scope": "account", "connector": "hv", "value": "a/b#c" },
    { "identifier": "no_vault", "scope": "account", "connector": "unnamed", "value": "x" }] }
#- scope entities.yaml: account
#- /entities.yaml
connector:
  identifier: hv
  type: Vault
  spec: {}
---
connector:
  identifier: git
  type: Github
  spec: {}
---
connector:
  identifier: unnamed
  type: AzureKeyVault
  spec:
    vaultName: <+input>
---
secret:
  identifier: ssh
  name: Build host
  type: SSHKey
  spec: {}
---
secret:
  identifier: file
  type: SecretFile
  spec:
    secretManagerIdentifier: akv`;

const known = `#- vault shop-kv: docker-token type:text/plain tags:team=payments;owner=me expires:90, cfg json:user;endpoint{host}, db versions:${v2} ${v1}!, plain text, old expired, off disabled, soon expires:10, later starts:3, cert managed`;
const head = "pipeline:\n  identifier: p\n  script: ";
const path = (rest: string): string => `<+secrets.getValue("account.azurevault://akv/${rest}")>`;

/** The lines of the hover over an expression in a pipeline, its title first. */
function over(expression: string, vault = known): string {
  return hovered(`${head}${expression.replace("getValue", "get$0Value")}${shop}\n${vault}`)?.text ?? "no hover";
}

describe("each link with its state", () => {
  test("a Harness secret, verified to its end", () => {
    expect(over(`<+secrets.getValue("account.token")>`)).toMatchInlineSnapshot(`
      "**Secret reference \`account.token\`**

      - ✓ Harness secret \`token\` (SecretText, Name \`Docker token\`) in the account, defined in \`keyline.jsonc\`
      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`docker-token\`
      - ✓ Latest version: enabled, made 3 months ago, expires 2026-04-01
      - Content type \`text/plain\`
      - Tags \`team=payments\`, \`owner=me\`
      - ✓ Verified to the end of its chain"
    `);
  });

  test("a path with version and key in a vault that is known", () => {
    expect(over(path("db"))).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/db\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`db\`
      - ✓ Latest version: enabled, made 3 months ago, no expiry
      - ✓ Verified to the end of its chain"
    `);
    expect(over(path(`db/${v2}`))).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/db/fedcba9876543210fedcba9876543210\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`db\`
      - ✓ Version \`fedcba9876543210fedcba9876543210\`: enabled, made 1 day ago, no expiry
      - ✓ Verified to the end of its chain"
    `);
    expect(over(path("cfg#user"))).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/cfg#user\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`cfg\`
      - ✓ Latest version: enabled, made 3 months ago, no expiry
      - ✓ JSON key \`user\`
      - ✓ Verified to the end of its chain"
    `);
    expect(over(`<+secrets.getValue("account.host")>`)).toContain("- ✓ JSON key `endpoint.host`\n- ✓ Verified to the end of its chain");
  });

  test("a name that the vault lacks", () => {
    expect(over(path("docker-tokn"), `${known}\n#- deleted shop-kv: docker-tokn gone`)).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/docker-tokn\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✗ Key Vault secret \`docker-tokn\`
      - ✗ Vault shop\\-kv holds no secret \\"docker\\-tokn\\"\\. Did you mean \\"docker\\-token\\"\\?"
    `);
  });

  test("a deleted secret says until when it can be recovered", () => {
    expect(over(path("gone"), `${known}\n#- deleted shop-kv: gone`)).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/gone\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✗ Key Vault secret \`gone\`
      - ✗ Secret \\"gone\\" is deleted in vault shop\\-kv\\. It can be recovered until 2026\\-01\\-31"
    `);
  });

  test("a version that the secret lacks: the secret itself is there", () => {
    expect(over(path(`db/${"a".repeat(32)}`))).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/db/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`db\`
      - ✗ Version \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\`
      - ✗ Secret \\"db\\" in vault shop\\-kv has no version aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\. Its newest is fedcba9876543210fedcba9876543210"
    `);
  });

  test("a disabled version, pinned, and one not asked for yet", () => {
    expect(over(path(`db/${v1}`))).toContain(`- ✗ Version \`${v1}\`: disabled, made 2 days ago, no expiry`);
    expect(over(path(`cfg/${v1}`))).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/cfg/0123456789abcdef0123456789abcdef\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`cfg\`
      - ? Version \`0123456789abcdef0123456789abcdef\`
      - ? Not verified: The vault is still being read. Wait a moment."
    `);
  });

  test.each([
    ["off", "- ✗ Latest version: disabled", "- ✗ Secret \"off\" is disabled"],
    ["old", "- ⚠ Latest version: enabled, made 3 months ago, expired 2025-11-22", "- ⚠ Secret \"old\" expired 40 days ago"],
    ["soon", "- ✓ Latest version: enabled, made 3 months ago, expires 2026-01-11", "- ℹ Secret \"soon\" expires in 10 days"],
    ["later", "- ⚠ Latest version: enabled, made 3 months ago, no expiry, valid from 2026-01-04", "- ⚠ Secret \"later\" is valid from"],
    ["cert", "- ✓ Key Vault secret `cert`", "- Managed by a certificate"],
  ])("%s", (name, state, words) => {
    const text = over(path(name)).replaceAll("\\", "");
    expect(text).toContain(state);
    expect(text).toContain(words);
    expect(text.includes("Verified to the end")).toBe(name === "cert");
  });

  test.each([
    ["cfg#usr", "- ✗ JSON key `usr`"],
    ["plain#k", "- ⚠ JSON key `k`"],
    ["docker-token#k", "- ? JSON key `k`"],
    ["off#k", "- ? JSON key `k`"],
    ["cfg#a[0]", "- ? JSON key `a[0]`"],
    ["cfg#user", "- ✓ JSON key `user`"],
  ])("JSON key %s", (key, line) => {
    expect(over(path(key))).toContain(line);
  });

  test("JSON keys that may not be read say how to allow it", () => {
    expect(over(path("cfg#user"), "#- vault shop-kv: cfg\n#- keys shop-kv: cfg keys-not-allowed")).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/cfg#user\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`cfg\`
      - ✓ Latest version: enabled, made 3 months ago, no expiry
      - ? JSON key \`user\`
      - ? Not verified: JSON keys are not read from this vault. Run Keyline: Allow Reading JSON Keys of a Vault, or check with --read-json-keys. Values stay on this machine and are not kept."
    `);
  });

  test("JSON keys that the account may not read name the right that is missing, beside what is verified", () => {
    expect(over(path("cfg#user"), "#- vault shop-kv: cfg\n#- keys shop-kv: cfg keys-forbidden").split("\n").slice(3)).toEqual([
      "- ✓ Vault `shop-kv`, asked less than a minute ago",
      "- ✓ Key Vault secret `cfg`",
      "- ✓ Latest version: enabled, made 3 months ago, no expiry",
      "- ? JSON key `user`",
      "- ? Not verified: Your account may list the vault's secrets but not read them, which JSON keys need. Ask for the role Key Vault Secrets User, or the get permission in the access policy. Only JSON keys need it.",
    ]);
  });

  test("an old answer is shown as one, and nothing in it as verified", () => {
    expect(over(path("docker-token"), `${known}\n#- stale shop-kv: throttled`)).toMatchInlineSnapshot(`
      "**Secret reference \`account.azurevault://akv/docker-token\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ? Vault \`shop-kv\`, last answered less than a minute ago
      - ? Key Vault secret \`docker-token\`
      - ? Latest version: enabled, made 3 months ago, expires 2026-04-01
      - Content type \`text/plain\`
      - Tags \`team=payments\`, \`owner=me\`
      - ? Not verified: The vault is throttling requests. Wait a minute, then check again; an editor does so by itself."
    `);
  });
});

test("an old answer about versions does not verify one either", () => {
  const text = over(path(`db/${v2}`), `${known}\n#- stale shop-kv: throttled\n#- vault shop-kv: db`);
  expect(text).toContain(`- ✓ Key Vault secret \`db\`\n- ? Version \`${v2}\`: enabled, made 1 day ago, no expiry\n- ? Not verified`);
});

describe("not verified, with the reason and what to do", () => {
  const vaultReasons: Readonly<Record<UnknownReason, true>> = {
    loading: true,
    offline: true,
    untrusted: true,
    "not-approved": true,
    "not-signed-in": true,
    "credential-refused": true,
    "tenant-not-found": true,
    "wrong-tenant": true,
    forbidden: true,
    "network-blocked": true,
    "vault-not-found": true,
    throttled: true,
    unreachable: true,
    tls: true,
    "service-error": true,
    "bad-vault-name": true,
    "keys-not-allowed": true,
    "keys-forbidden": true,
    stale: true,
  };

  test.each(Object.keys(vaultReasons) as UnknownReason[])("%s", (reason) => {
    const { what, remedy } = reasonWords(reason);
    const text = over(path("db"), `#- unknown shop-kv: ${reason}`);
    expect(text.split("\n").slice(2)).toEqual([
      "- ✓ Connector `akv` (`AzureKeyVault`), defined in `keyline.jsonc`",
      "- ? Vault `shop-kv`",
      "- ? Key Vault secret `db`",
      `- ? Not verified: ${what}. ${remedy}.`,
    ]);
  });

  test.each([
    ["dynamic", `<+secrets.getValue(<+pipeline.variables.x>)>`, []],
    ["unknown-identifier", `<+secrets.getValue("nowhere")>`, ["- ? Looked up in project default/shop"]],
    ["unknown-connector", `<+secrets.getValue("azurevault://nowhere/a")>`, ["- ? Looked up in project default/shop"]],
    ["other-secret-manager", `<+secrets.getValue("account.hashicorpvault://hv/a#b")>`, ["- ✓ Connector `hv` (`Vault`), defined in `entities.yaml`"]],
    ["bad-vault-name", `<+secrets.getValue("account.no_vault")>`, ["- ✓ Harness secret `no_vault` (SecretText) in the account, defined in `keyline.jsonc`", "- ✓ Connector `unnamed` (`AzureKeyVault`), defined in `entities.yaml`"]],
  ] as const satisfies readonly (readonly [NotVerifiedReason, string, readonly string[]])[])("%s", (reason, expression, lines) => {
    const { what, remedy } = reasonWords(reason);
    expect(over(expression).split("\n").slice(2)).toEqual([...lines, `- ? Not verified: ${what}. ${remedy}.`]);
  });

  test("unknown-project", () => {
    const { what } = reasonWords("unknown-project");
    expect(hovered(`values: <+secrets.get$0Value("org.x")>`)?.text).toContain(what);
  });

  test("json-path", () => {
    expect(over(path("cfg#a[0]"))).toContain(reasonWords("json-path").what);
  });

  test("file-too-large", () => {
    const { snapshot } = fixture(`values: <+secrets.getValue("x")>${shop}`);
    const text = hover({ ...snapshot, analysis: { ...snapshot.analysis, tooLarge: true } }, 12)?.text;
    expect(text).toContain(reasonWords("file-too-large").what);
  });
});

describe("other references", () => {
  test("a variable that the same file defines", () => {
    const text = `pipeline:\n  identifier: p\n  variables:\n    - { name: which, type: String, value: account.token }\n  script: <+secrets.get$0Value(<+pipeline.variables.which>)>${shop}\n${known}`;
    expect(hovered(text)?.text).toMatchInlineSnapshot(`
      "**Secret reference \`<+pipeline.variables.which>\`**

      - Variable \`pipeline.variables.which\` is \`account.token\`
      - ✓ Harness secret \`token\` (SecretText, Name \`Docker token\`) in the account, defined in \`keyline.jsonc\`
      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`docker-token\`
      - ✓ Latest version: enabled, made 3 months ago, expires 2026-04-01
      - Content type \`text/plain\`
      - Tags \`team=payments\`, \`owner=me\`
      - ✓ Verified to the end of its chain"
    `);
  });

  test("other secret managers, the built-in one, SSH keys and files", () => {
    expect(over(`<+secrets.getValue("account.in_hv")>`)).toContain("✓ Connector `hv` (`Vault`)");
    expect(over(`<+secrets.getValue("account.built_in")>`)).toMatchInlineSnapshot(`
      "**Secret reference \`account.built_in\`**

      - ✓ Harness secret \`built_in\` (SecretText) in the account, defined in \`keyline.jsonc\`
      - ✓ Kept in Harness's built-in secret manager"
    `);
    expect(over(`<+secrets.getValue("account.ssh")>`)).toMatchInlineSnapshot(`
      "**Secret reference \`account.ssh\`**

      - ✓ Harness secret \`ssh\` (SSHKey, Name \`Build host\`) in the account, defined in \`entities.yaml\`
      - ✓ It holds credentials of its own, no path in a secret manager"
    `);
    // The file has no Name, so there is nothing to ask the vault for and nothing says that it is verified.
    expect(over(`<+secrets.getValue("account.file")>`)).not.toContain("Verified");
  });

  test("plain references, in every kind of quotes", () => {
    for (const value of ["acc$0ount.token", `"acc$0ount.token"`, `'account.token$0'`]) {
      const text = hovered(`pipeline:\n  identifier: p\n  variables:\n    - { name: v, type: Secret, value: ${value} }${shop}\n${known}`)?.text;
      expect(text).toContain("Secret reference `account.token`");
      expect(text).toContain("Verified to the end");
    }
  });

  test("the path in a secret's own file", () => {
    const secret = (value: string): string => `secret:\n  identifier: s\n  type: SecretText\n  spec:\n    secretManagerIdentifier: account.akv\n    valueType: Reference\n    value: ${value}${shop}\n${known}`;
    expect(hovered(secret("docker$0-token"))?.text).toMatchInlineSnapshot(`
      "**Path in the secret manager \`docker-token\`**

      - ✓ Connector \`akv\` (\`AzureKeyVault\`), defined in \`keyline.jsonc\`
      - ✓ Vault \`shop-kv\`, asked less than a minute ago
      - ✓ Key Vault secret \`docker-token\`
      - ✓ Latest version: enabled, made 3 months ago, expires 2026-04-01
      - Content type \`text/plain\`
      - Tags \`team=payments\`, \`owner=me\`
      - ✓ Verified to the end of its chain"
    `);
    expect(hovered(secret("secrets/docker$0-token"))?.text).toContain("Harness reads");
    expect(hovered(secret("docker-token").replace("spec:", "sp$0ec:"))).toBeUndefined();
  });

  test("connectors that are missing or no secret managers", () => {
    expect(over(`<+secrets.getValue("account.azurevault://akw/x")>`).replaceAll("\\", "")).toContain(`- ✗ No connector has the identifier "akw" in the account. Did you mean "akv"?`);
    expect(over(`<+secrets.getValue("account.azurevault://git/x")>`).replaceAll("\\", "")).toContain(`- ✗ Connector "git" is of type Github`);
  });

  test("the innermost of nested references, and nothing beside them", () => {
    const nested = `<+<+pipeline.variables.v>=="a"?<+secrets.get$0Value("account.token")>:<+secrets.getValue("account.host")>>`;
    expect(hovered(`${head}${nested}${shop}\n${known}`)?.text).toContain("`account.token`");
    expect(hovered(`pipeline:\n  identifier: p\n  sc$0ript: <+secrets.getValue("account.token")>${shop}`)).toBeUndefined();
    expect(hovered(`pipeline:\n  identifier: p\n  script: <+secrets.getValue("account.token")> th$0en${shop}`)).toBeUndefined();
  });

  test("the span is the reference itself", () => {
    const { snapshot, cursor = 0 } = fixture(`${head}echo <+secrets.get$0Value("account.token")>${shop}`);
    const found = hover(snapshot, cursor);
    expect(snapshot.analysis.text.slice(found?.span.start, found?.span.end)).toBe(`<+secrets.getValue("account.token")>`);
  });
});

describe("broken syntax says what is wrong", () => {
  test.each([
    [`<+secrets.getValue("")>`, "names no secret"],
    [`<+secrets.getValue()>`, "names no secret"],
    [`<+secrets.getValue("acount.x")>`, "is no scope"],
    [`<+secrets.getValue("a.b.c")>`, "at most one dot"],
    [`<+secrets.getValue(token)>`, "without quotes is a variable"],
    [`<+secrets.getValue("token)>`, "no closing"],
    [`<+secrets.getValue("token">`, "no partner"],
    [`<+secrets.getValue("vault://akv/x")>`, "No secret manager has the scheme"],
    [`<+secrets.getValue("azurevault://account.akv/x")>`, "stands before the scheme"],
    [`<+secrets.getValue("account.azurevault://akv/a_b")>`, "No Key Vault secret can be named"],
    [`<+secrets.getValue("account.azurevault://akv/a/1")>`, "32 hexadecimal digits"],
  ])("%s", (expression, words) => {
    const text = over(expression).replaceAll("\\", "");
    expect(text).toMatch(/\n- [✗⚠] /);
    expect(text).toContain(words);
    expect(text).not.toContain("Verified");
  });

  test.each([
    [`<+secret.get$0Value("account.token")>`.replace("secret.", "sec$0ret.").replace("get$0", "get"), "no functor"],
    [`<+secrets.get$0value("account.token")>`, "written getValue"],
    [`<+secrets.to$0ken>`, "no property"],
    [`\${ngSecret$0Manager.obtain("x", 1)}`, "for Harness alone"],
  ])("what is no reference at all: %s", (expression, words) => {
    const text = hovered(`${head}${expression}${shop}`)?.text.replaceAll("\\", "") ?? "no hover";
    expect(text).toContain(words);
  });

  test("a warning of the text is told beside the chain, one that is off is not", () => {
    const text = `${head}<+secrets.get$0Value("Account.token")>${shop}\n${known}`;
    expect(hovered(text)?.text).toMatch(/\n- ⚠ .*lower case/);
    expect(hovered(text, { rules: { "scope-prefix-case": "off" } })?.text).not.toContain("lower case");
  });
});

test("plain text for clients that take nothing else: no escapes, no backticks", () => {
  const { snapshot, cursor = 0 } = fixture(`${head}<+secrets.get$0Value("account.azurevault://akv/docker-tokn")>${shop}\n${known}\n#- deleted shop-kv: docker-tokn gone`);
  expect(hover(snapshot, cursor, "plaintext")?.text).toMatchInlineSnapshot(`
    "Secret reference "account.azurevault://akv/docker-tokn"

    - ✓ Connector "akv" ("AzureKeyVault"), defined in "keyline.jsonc"
    - ✓ Vault "shop-kv", asked less than a minute ago
    - ✗ Key Vault secret "docker-tokn"
    - ✗ Vault shop-kv holds no secret "docker-tokn". Did you mean "docker-token"?"
  `);
});

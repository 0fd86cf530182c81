import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { registerEntityCommands } from "../../client/src/entities/entityCommands.ts";
import type { SecretEntityRow } from "../../server/src/protocol/messages.ts";
import { secretRow, untold } from "./connectorRow.ts";
import type { EntityOptions } from "./entityScene.ts";
import { entityScene, told } from "./entityScene.ts";
import type { Act } from "./scriptedPrompts.ts";
import { back, enter, leave } from "./scriptedPrompts.ts";

async function run(command: "keyline.newSshCredential" | "keyline.newWinRmCredential", options: EntityOptions) {
  const scene = entityScene(options);
  const actions = new Map<string, (argument: unknown) => Promise<void> | void>();
  registerEntityCommands((id, action) => void actions.set(id, action), scene.context);
  await actions.get(command)?.(undefined);
  const [yaml] = scene.written.values();
  const secret: unknown = yaml === undefined ? undefined : (parse(yaml) as { readonly secret: unknown }).secret;
  return { ...scene, secret };
}

const account: readonly Act[] = ["Account", "My key", enter, "", ""];

describe("an SSH credential", () => {
  test("with a key that is a Harness secret", async () => {
    const { secret, dialogs, written, prompts } = await run("keyline.newSshCredential", { acts: [...account, "SSH", "SSH key", "deploy", "account.ssh_key", "None", enter, "Write"] });
    expect([...written.keys()]).toEqual(["file:///w/.harness/secrets/My_key.yaml"]);
    expect(secret).toEqual({ type: "SSHKey", name: "My key", identifier: "My_key", tags: {}, description: "", spec: { port: 22, auth: { type: "SSH", spec: { credentialType: "KeyReference", spec: { userName: "deploy", key: "account.ssh_key" } } } } });
    expect(told(dialogs)).toBe(".harness/secrets/My_key.yaml is written. Its passwords and keys stay in the Harness secrets that it names.");
    expect(prompts.asked.at(-1)?.labels).toContain("Not tested: only a Harness delegate can sign in with it.");
    expect(prompts.left()).toEqual([]);
  });

  test.each<[string, readonly Act[], object]>([
    ["a key file with a passphrase", ["SSH", "SSH key file", "deploy", "/k", "Another", "account.phrase", "2222"], { port: 2222, auth: { type: "SSH", spec: { credentialType: "KeyPath", spec: { userName: "deploy", keyPath: "/k", encryptedPassphrase: "account.phrase" } } } }],
    ["a password", ["SSH", "Password", "deploy", "account.pass", enter], { port: 22, auth: { type: "SSH", spec: { credentialType: "Password", spec: { userName: "deploy", password: "account.pass" } } } }],
    ["Kerberos and a key tab", ["Kerberos", "p", "R", "Key tab", "/t", enter], { port: 22, auth: { type: "Kerberos", spec: { principal: "p", realm: "R", tgtGenerationMethod: "KeyTabFilePath", spec: { keyPath: "/t" } } } }],
    ["Kerberos and a password", ["Kerberos", "p", "R", "Password", "account.pass", enter], { port: 22, auth: { type: "Kerberos", spec: { principal: "p", realm: "R", tgtGenerationMethod: "Password", spec: { password: "account.pass" } } } }],
    ["the delegate's own ticket", ["Kerberos", "p", "R", "The delegate", enter], { port: 22, auth: { type: "Kerberos", spec: { principal: "p", realm: "R" } } }],
  ])("with %s", async (_what, acts, spec) => {
    expect((await run("keyline.newSshCredential", { acts: [...account, ...acts, "Write"] })).secret).toMatchObject({ spec });
  });

  test("keeps nothing of a way that was left again", async () => {
    const { secret } = await run("keyline.newSshCredential", { acts: [...account, "SSH", "Password", "deploy", "account.pass", back, back, back, "SSH key file", enter, "/k", "None", enter, "Write"] });
    expect(JSON.stringify(secret)).not.toContain("account.pass");
  });
});

describe("a WinRM credential", () => {
  test("with NTLM", async () => {
    const { secret } = await run("keyline.newWinRmCredential", { acts: [...account, "NTLM", "CORP", "svc", "account.pass", enter, enter, enter, enter, "a=b, c = d=e", "Write"] });
    expect(secret).toMatchObject({
      type: "WinRmCredentials",
      spec: { port: 5986, auth: { type: "NTLM", spec: { domain: "CORP", username: "svc", password: "account.pass", useSSL: true, skipCertChecks: false, useNoProfile: true } }, parameters: [{ parameter: "a", value: "b" }, { parameter: "c", value: "d=e" }] },
    });
  });

  test("with Kerberos, its flags turned round", async () => {
    const { secret } = await run("keyline.newWinRmCredential", { acts: [...account, "Kerberos", "p", "R", "The delegate", "No", "Yes", "No", "5985", "", "Write"] });
    expect(secret).toMatchObject({ spec: { port: 5985, auth: { type: "Kerberos", spec: { principal: "p", realm: "R", useSSL: false, skipCertChecks: true, useNoProfile: false } }, parameters: [] } });
  });
});

describe("the secrets that it refers to", () => {
  const known: readonly SecretEntityRow[] = [
    secretRow({ scope: { level: "account" }, identifier: "shared", name: "Shared key", type: "SecretFile" }),
    secretRow({ scope: { level: "account" }, identifier: "pass", type: "SecretText" }),
    secretRow({ scope: { level: "org", org: "default" }, identifier: "team", type: "SecretFile" }),
    secretRow({ scope: { level: "org", org: "other" }, identifier: "theirs", type: "SecretFile" }),
    secretRow({ scope: { level: "project", org: "default", project: "shop" }, identifier: "own", type: "SecretFile" }),
    secretRow({ scope: { level: "account" }, identifier: "ssh", type: "SSHKey" }),
    secretRow({ scope: untold, identifier: "odd", type: "SecretFile" }),
    secretRow({ scope: { level: "account" }, identifier: "a b", type: "SecretFile" }),
  ];

  test.each<[string, readonly Act[], readonly string[]]>([
    ["the account", ["Account"], ["account.pass", "account.shared"]],
    ["an organization", ["Organization", "default"], ["account.pass", "account.shared", "org.team"]],
    ["a project", ["Project", "default", "shop"], ["account.pass", "account.shared", "org.team", "own"]],
  ])("are those in the sight of %s", async (_what, scope, labels) => {
    const { prompts } = await run("keyline.newSshCredential", { known, acts: [...scope, "K", enter, "", "", "SSH", "SSH key", "deploy", leave] });
    expect(prompts.asked.at(-1)?.labels).toEqual([...labels, "odd", "Another secret…"]);
    expect(prompts.asked.at(-1)?.details).toContain("Shared key · file");
  });

  const until: readonly Act[] = ["Organization", "default", "K", enter, "", "", "SSH", "SSH key", "deploy"];

  test("of a file that does not say its scope are asked for it, and named as it wants then", async () => {
    const { secret, prompts, dialogs, written, configs } = await run("keyline.newSshCredential", { known, pick: ["Account", "Write It to keyline.jsonc"], acts: [...until, "odd", "None", enter, "Write"] });
    expect(prompts.asked.find(({ labels }) => labels?.includes("odd") === true)?.details).toContain("odd · file · scope not told · .harness/secrets/odd.yaml");
    expect(dialogs.shown[0]?.text).toBe("In which scope does .harness/secrets/odd.yaml live?");
    expect(secret).toMatchObject({ spec: { auth: { spec: { spec: { key: "account.odd" } } } } });
    expect([written.size, [...configs.values()]]).toEqual([1, [expect.stringContaining(".harness/secrets/odd.yaml")]]);
  });

  test("are not taken where the person leaves the question, nor where the new one does not see them", async () => {
    const left = await run("keyline.newSshCredential", { known, acts: [...until, "odd", "account.shared", leave] });
    expect([left.configs.size, left.prompts.left()]).toEqual([0, []]);
    const { dialogs, prompts } = await run("keyline.newSshCredential", { known, pick: ["Project default/shop", "Only This Time"], acts: [...until, "odd", "account.shared", leave] });
    expect([told(dialogs), prompts.left()]).toEqual(["The secret odd lives in project default/shop, which organization default does not see. Choose another secret.", []]);
  });

  test("can be typed, never those of a child scope, nor an expression", async () => {
    const acts: readonly Act[] = ["Organization", "default", "K", enter, "", "", "SSH", "SSH key", "deploy", "Another", "own", '<+secrets.getValue("org.own")>', "a.b.c", "1a", "org.own", leave];
    const { prompts } = await run("keyline.newSshCredential", { known, acts });
    expect(prompts.problems).toEqual([
      "An organization-level secret uses secrets of the organization or the account: write org.own or account.own.",
      "The key is an identifier, not an expression: write account.id, org.id or id.",
      "Write account.id, org.id or id: an identifier holds no dot.",
      "Enter the secret's identifier: account.id, org.id or id.",
    ]);
    const top = await run("keyline.newWinRmCredential", { acts: [...account, "NTLM", "D", "u", "own", "account.own", leave] });
    expect(top.prompts.problems).toEqual(["An account-level secret uses account secrets only: write account.own."]);
  });
});

test("the places where a file may live, though its scope is not told, are offered as places", async () => {
  const candidates = [{ level: "project", org: "default", project: "shop" }, { ...untold, org: "pay" }, { level: "account" }] as const;
  const { prompts } = await run("keyline.newSshCredential", { rows: [], known: [secretRow({ scope: { ...untold, candidates } })], acts: ["Project", "default", leave] });
  expect(prompts.asked.slice(-2).map(({ labels }) => labels)).toEqual([["default", "pay", "Another…"], ["shop", "Another…"]]);
});

test("what is wrong is said at each box", async () => {
  const { prompts } = await run("keyline.newWinRmCredential", { acts: ["Account", "", "N", enter, "", ":x", "", "NTLM", "", "D", "", "u", "account.p", enter, enter, enter, "0", "70000", "22", "a", "=b", "", leave] });
  expect(prompts.problems).toEqual([
    "Enter a name.",
    "A tag has a key: write key:value or key.",
    "Enter a domain.",
    "Enter a user name.",
    "A port is a number from 1 to 65535.",
    "A port is a number from 1 to 65535.",
    "Write each as name=value.",
    "Write each as name=value.",
  ]);
});

const ssh: readonly Act[] = [...account, "SSH", "SSH key", "deploy", "account.k", "None", enter, "Write"];
test.each(ssh.map((_act, index) => index))("Esc at box %i writes nothing", async (index) => {
  expect((await run("keyline.newSshCredential", { acts: [...ssh.slice(0, index), leave] })).written.size).toBe(0);
});

test("in Restricted Mode nothing begins", async () => {
  const { dialogs, prompts } = await run("keyline.newWinRmCredential", { trusted: false });
  expect(told(dialogs)).toBe("Keyline changes no file in Restricted Mode. Trust this workspace first.");
  expect(prompts.asked).toEqual([]);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { credentialKinds } from "../../client/src/azure/credentialKind.ts";
import { defaultSettings } from "../../server/src/core/model/snapshot.ts";
import { ruleIds, rules, severities } from "../../server/src/core/rules.ts";

const root = join(import.meta.dirname, "../..");

interface Setting {
  readonly scope?: string;
  readonly order?: number;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly markdownDescription?: string;
  readonly properties?: Readonly<Record<string, { readonly enum: readonly string[]; readonly description: string }>>;
}

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly main: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] }; readonly virtualWorkspaces: { readonly supported: unknown } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>>;
    readonly submenus: readonly { readonly id: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[];
    readonly grammars: readonly { readonly path: string; readonly injectTo: readonly string[] }[];
  };
}

const manifestText = readFileSync(join(root, "package.json"), "utf8");
const manifest = JSON.parse(manifestText) as Manifest;
const settings = manifest.contributes.configuration.properties;
const commandIds = manifest.contributes.commands.map((command) => command.command);

/** Every setting that may exist, and its scope. A setting that decides where tokens go is the machine's own. */
const allowedSettings: Readonly<Record<string, string>> = {
  "keyline.credential": "machine",
  "keyline.expiringDays": "resource",
  "keyline.confirmReveal": "machine",
  "keyline.rules": "resource",
  "keyline.vaults.sort": "window",
  "keyline.vaults.group": "window",
  "keyline.vaults.groupTag": "window",
};

function sources(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"))
    .join("\n");
}

function tableRow(document: string, id: string): readonly string[] {
  const row = readFileSync(join(root, document), "utf8").split("\n").find((line) => line.startsWith("|") && line.includes(`\`${id}\``));
  return row?.split("|").map((cell) => cell.trim()).slice(1, -1) ?? [];
}

describe("settings", () => {
  test("are exactly those on the list, each with its scope, order and description", () => {
    expect(Object.fromEntries(Object.entries(settings).map(([id, setting]) => [id, setting.scope]))).toEqual(allowedSettings);
    for (const setting of Object.values(settings)) {
      expect(setting.order).toBeTypeOf("number");
      expect(setting.markdownDescription?.length ?? 0).toBeGreaterThan(10);
      expect(setting.default).toBeDefined();
    }
  });

  test.each(Object.keys(allowedSettings))("%s has a line in docs/settings.md with its default and scope", (id) => {
    const row = tableRow("docs/settings.md", id);
    expect(row[2]).toBe(`\`${JSON.stringify(settings[id]?.default)}\``);
    expect(row[3]).toBe(settings[id]?.scope);
  });

  test("each has a reader in the code", () => {
    expect(sources("client/src")).toContain('getConfiguration("keyline").get("credential")');
    const server = readFileSync(join(root, "server/src/lsp/settings.ts"), "utf8");
    expect(server).toContain("{ rules, expiringDays } = section");
  });

  test("credential offers what the code knows", () => {
    expect(settings["keyline.credential"]?.enum).toEqual(credentialKinds);
    expect(settings["keyline.credential"]?.default).toBe("vscode");
  });

  test("defaults agree with the code", () => {
    expect(settings["keyline.expiringDays"]?.default).toBe(defaultSettings.expiringDays);
    expect(settings["keyline.rules"]?.default).toEqual(defaultSettings.rules);
  });

  test("rules lists every rule with its title and severity, and no other", () => {
    const listed = settings["keyline.rules"]?.properties ?? {};
    expect(Object.keys(listed)).toEqual(ruleIds);
    for (const id of ruleIds) {
      expect(listed[id]).toEqual({ enum: severities, description: `${rules[id].title}. Default: ${rules[id].severity}.` });
    }
  });

  test("none names an executable, a host or a trace", () => {
    expect(Object.keys(settings).filter((id) => /path|host|url|proxy|authority|trace/i.test(id))).toEqual([]);
  });
});

describe("commands", () => {
  test("are those that the code registers", () => {
    const registered = [...sources("client/src").matchAll(/register\("(keyline\.\w+)"/g)].map((match) => match[1]);
    expect(new Set(registered)).toEqual(new Set(commandIds));
    expect(registered).toHaveLength(commandIds.length);
  });

  test("stand under Keyline, each once, with a line in docs/commands.md", () => {
    for (const { command, title, category } of manifest.contributes.commands) {
      expect(category).toBe("Keyline");
      expect(command).toMatch(/^keyline\.[a-z][A-Za-z]+$/);
      expect(tableRow("docs/commands.md", command).slice(0, 2)).toEqual([title, `\`${command}\``]);
    }
    expect(new Set(commandIds).size).toBe(commandIds.length);
  });

  test("that texts point to exist", () => {
    const mentioned = [...sources("client/src").matchAll(/"(keyline\.[a-z][A-Za-z]+)"/g)].map((match) => match[1]);
    const known = [...commandIds, ...Object.keys(settings), "keyline.state", "keyline.approvedVaults", "keyline.vaultCredentials", "keyline.connectors", "keyline.vaults", "keyline.addedVaults", "keyline.testJournal", "keyline.testResults", "keyline.connectorDraft", "keyline.harnessAccount", "keyline.secretJournal", "keyline.copiedValue"];
    expect(mentioned.filter((id) => id !== undefined && !known.includes(id) && id !== "keyline.jsonc")).toEqual([]);
  });
});

/** The commands that the tree of vaults offers on a line with those tokens. */
function vaultMenu(tokens: string): readonly string[] {
  const offered = (manifest.contributes.menus["view/item/context"] ?? []).filter(({ when = "" }) => {
    const parts = when.split(" && ");
    return parts[0] === "view == keyline.vaults" && parts.slice(1).every((part) => {
      const [, not, pattern] = /^(!\()?viewItem =~ \/(.+)\/\)?$/.exec(part) ?? [];
      if (pattern === undefined) throw new Error(`The test cannot read ${part}`);
      return new RegExp(pattern).test(tokens) === (not === undefined);
    });
  });
  return [...new Set(offered.map(({ command = "" }) => command.replace("keyline.", "")))].sort();
}

describe("the menu of a line of the tree of vaults", () => {
  const names = ["copySecret", "copySecretReference", "referenceSecret"];
  const value = ["copySecretValue", "revealSecretValue"];
  const vault = ["allowJsonKeys", "chooseVaultCredential", "compareVaults", "createSecret", "exportSecrets", "openVaultInPortal"];

  test.each<[string, readonly string[]]>([
    ["vault approved", vault],
    ["vault notApproved", [...vault, "approveVault"]],
    ["vault approved added", [...vault, "removeVault"]],
    ["secret enabled", [...names, ...value, "openSecretInPortal", "newSecretVersion", "editSecretAttributes", "disableSecret", "deleteSecret"]],
    ["secret disabled", [...names, "openSecretInPortal", "newSecretVersion", "editSecretAttributes", "enableSecret", "deleteSecret"]],
    ["secret enabled managed", [...names, ...value, "openSecretInPortal"]],
    ["version enabled latest", [...names, ...value, "editSecretAttributes", "disableSecret"]],
    ["version disabled", [...names, "editSecretAttributes", "enableSecret"]],
    ["version enabled latest managed", [...names, ...value]],
    ["jsonKey", names],
    ["deleted", ["recoverSecret"]],
    ["deleted purgeable", ["recoverSecret", "purgeSecret"]],
  ])("%s", (tokens, commands) => {
    expect(vaultMenu(tokens)).toEqual([...commands].sort());
  });

  test("no menu names a command or submenu that is not there", () => {
    const items = Object.values(manifest.contributes.menus).flat();
    expect(items.map(({ command }) => command).filter((id) => id !== undefined && !commandIds.includes(id))).toEqual([]);
    expect(items.map(({ submenu }) => submenu).filter((id) => id !== undefined)).toEqual(manifest.contributes.submenus.map(({ id }) => id));
  });
});

describe("what VS Code may and may not do with it", () => {
  test("is keyline.keyline and starts for YAML only", () => {
    expect(`${manifest.publisher}.${manifest.name}`).toBe("keyline.keyline");
    expect(manifest.activationEvents).toEqual(["onLanguage:yaml", "workspaceContains:keyline.jsonc"]);
    expect(manifest.engines["vscode"]).toMatch(/^\^1\.\d+\.0$/);
    expect(manifest.engines["node"]).toBe(">=22");
  });

  test("is limited in untrusted and virtual workspaces", () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe("limited");
    expect(manifest.capabilities.virtualWorkspaces.supported).toBe("limited");
    const machine = Object.keys(allowedSettings).filter((id) => allowedSettings[id] === "machine");
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(machine);
  });

  test("T19: has no URI handler, language-model tool, terminal or telemetry", () => {
    expect(manifestText).not.toMatch(/onUri|languageModelTools|chatParticipants|telemetry|"terminal"/);
    expect(sources("client/src")).not.toMatch(/registerUriHandler|createTelemetryLogger|lm\.registerTool|createTerminal/);
  });

  test("names files that are there", () => {
    const paths = [...manifest.contributes.grammars.map((grammar) => grammar.path), ...manifest.contributes.jsonValidation.map((schema) => schema.url)];
    for (const path of paths) expect(readFileSync(join(root, path), "utf8").length, path).toBeGreaterThan(0);
    expect(manifest.contributes.grammars.map((grammar) => grammar.injectTo)).toEqual([["source.yaml"]]);
  });
});

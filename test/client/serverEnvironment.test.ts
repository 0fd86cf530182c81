import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { serverEnvironment } from "../../client/src/language/serverEnvironment.ts";

test("credentials, switches of Node and proxies do not reach the server", () => {
  const hostile = {
    AZURE_CLIENT_SECRET: "x",
    AZURE_TENANT_ID: "x",
    AZURE_AUTHORITY_HOST: "x",
    NODE_OPTIONS: "--inspect",
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    NODE_EXTRA_CA_CERTS: "x",
    HTTPS_PROXY: "x",
    GITHUB_TOKEN: "x",
    HARNESS_API_KEY: "x",
    VSCODE_IPC_HOOK: "x",
    LCXX: "x",
  };
  const result = serverEnvironment(hostile);
  expect(Object.keys(result)).toEqual(Object.keys(hostile));
  expect(Object.values(result).every((value) => value === undefined)).toBe(true);
});

test("what a process needs to start stays, whatever the case of Windows's names", () => {
  const needed = { PATH: "/bin", Path: "C:\\", HOME: "/h", LANG: "C", LC_ALL: "C", SystemRoot: "C:\\Windows", TEMP: "/t", ELECTRON_RUN_AS_NODE: "1" };
  expect(serverEnvironment(needed)).toEqual(needed);
});

test("a child that is given it over a copy of the environment does not see the rest", () => {
  const own = { ...process.env, AZURE_CLIENT_SECRET: "canary" };
  const printed = execFileSync(process.execPath, ["-p", "JSON.stringify(process.env)"], { env: { ...own, ...serverEnvironment(own) }, encoding: "utf8" });
  const seen = JSON.parse(printed) as Record<string, string>;
  expect(seen["PATH"]).toBe(process.env["PATH"]);
  expect(Object.hasOwn(seen, "AZURE_CLIENT_SECRET")).toBe(false);
});

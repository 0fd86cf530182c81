import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { LocalAzure } from "./localAzure.ts";

export interface FakeAzOptions {
  /** Where the fake `az` gets its tokens. */
  readonly azure: Pick<LocalAzure, "controlUrl">;
  /** Object id of the signed-in user; signed out where absent. */
  readonly signedIn?: string;
  /** How the fake behaves: "missing" writes none, "hanging" never ends by itself. */
  readonly behaviour?: "working" | "missing" | "hanging";
  /** Waits so long before it answers. */
  readonly delayMs?: number;
  /** Printed to standard error before the answer, as the real one does about new versions. */
  readonly warning?: string;
}

/**
 * Writes an executable `az` into `directory` (made where it is not there; not for Windows) and returns the environment
 * that makes a process find it first. It answers `az version`, `az account show` and `az account get-access-token
 * --resource R [--tenant T]` in JSON. Each start adds a line with its arguments to `calls.txt` next to it, so that a
 * test can count processes.
 */
export function writeFakeAz(directory: string, options: FakeAzOptions): { readonly env: Record<string, string>; readonly callsPath: string } {
  mkdirSync(directory, { recursive: true });
  const callsPath = join(directory, "calls.txt");
  writeFileSync(callsPath, "");
  if (options.behaviour === "missing") {
    return { env: { PATH: directory }, callsPath };
  }
  const settings = {
    callsPath,
    tokenUrl: options.azure.controlUrl,
    principal: options.signedIn ?? "",
    delayMs: options.delayMs ?? 0,
    warning: options.warning ?? "",
    hanging: options.behaviour === "hanging",
  };
  const path = join(directory, "az");
  writeFileSync(path, `#!${process.execPath}\n"use strict";\nconst settings = ${JSON.stringify(settings)};\n${program}`);
  chmodSync(path, 0o755);
  return { env: { PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}` }, callsPath };
}

/** The script itself, in JavaScript that any Node runs as CommonJS: a file without extension has no other choice. */
const program = `
const fs = require("node:fs");
const http = require("node:http");
const words = process.argv.slice(2);
const valueOf = (flag) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : "");

function fail(text) {
  process.stderr.write(text);
  process.exitCode = 1;
}

function print(value) {
  process.stdout.write(JSON.stringify(value, undefined, 2) + "\\n");
}

function getAccessToken() {
  const query = new URLSearchParams({ principal: settings.principal, resource: valueOf("--resource"), tenant: valueOf("--tenant") });
  http.get(settings.tokenUrl + "?" + query, { agent: false }, (answer) => {
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (part) => { text += part; });
    answer.on("end", () => (answer.statusCode === 200 ? print(JSON.parse(text)) : fail(text)));
  }).on("error", () => fail("ERROR: Please run 'az login' to setup account.\\n"));
}

function answer() {
  const command = words.filter((word) => !word.startsWith("-")).slice(0, 2).join(" ");
  if (settings.warning !== "") {
    process.stderr.write("WARNING: " + settings.warning + "\\n");
  }
  if (words[0] === "version") {
    print({ "azure-cli": "2.80.0", "azure-cli-core": "2.80.0", extensions: {} });
  } else if (settings.principal === "") {
    fail("ERROR: Please run 'az login' to setup account.\\n");
  } else if (command === "account show") {
    print({ id: "00000000-0000-4000-8000-000000000002", isDefault: true, state: "Enabled", user: { name: "demo@example.com", type: "user" } });
  } else if (command === "account get-access-token") {
    getAccessToken();
  } else {
    fail("ERROR: '" + command + "' is misspelled or not recognized by the system.\\n");
  }
}

fs.appendFileSync(settings.callsPath, words.join(" ") + "\\n");
if (settings.hanging) {
  setInterval(() => undefined, 60000);
} else {
  setTimeout(answer, settings.delayMs);
}
`;

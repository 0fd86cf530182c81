import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { cachePath, checkoutPath } from "./checkoutPath.ts";
import { runProgram } from "./runProgram.ts";

const requirementsPath = path.join(checkoutPath, "test/azure/conformance/clients/requirements.txt");

/**
 * Gives the path of a Python that has Microsoft's clients for Azure, in the versions that requirements.txt pins. They
 * are installed once into a folder of their own. Throws an error of one line that says what is missing otherwise.
 */
export async function ensurePythonClients(): Promise<string> {
  const home = path.join(cachePath, "python-clients");
  const python = process.platform === "win32" ? path.join(home, "Scripts", "python.exe") : path.join(home, "bin", "python");
  const stamp = path.join(home, "requirements.installed");
  const wanted = await readFile(requirementsPath, "utf8");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) {
    return python;
  }
  console.log(`Installing Microsoft's clients for Python into ${home} ...`);
  await rm(home, { recursive: true, force: true });
  await makeEnvironment(home);
  await runProgram(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "-r", requirementsPath]);
  await writeFile(stamp, wanted);
  return python;
}

async function makeEnvironment(home: string): Promise<void> {
  try {
    await runProgram(pythonName, ["-m", "venv", home]);
  } catch {
    await installWithApt();
    await rm(home, { recursive: true, force: true });
    await runProgram(pythonName, ["-m", "venv", home]);
  }
}

const pythonName = process.platform === "win32" ? "python" : "python3";

/** Only a throw-away machine of a CI may be changed, so only there packages of the system are installed. */
async function installWithApt(): Promise<void> {
  if (process.env["CI"] === undefined || process.env["CI"] === "" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error("Python 3.9 or later with its venv module was not found. Install it (on Debian: python3-venv), then run this again.");
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram("apt-get", ["update"], { env });
  await runProgram("apt-get", ["install", "-y", "--no-install-recommends", "python3-venv"], { env });
}

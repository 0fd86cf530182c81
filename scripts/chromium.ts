import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { createRequire } from "node:module";
import { cachePath } from "./checkoutPath.ts";
import { isExecutable } from "./isExecutable.ts";
import { runProgram } from "./runProgram.ts";

const browserNames = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge"];
const downloadTimeoutMs = 300_000;

/**
 * Gives the path of a Chromium: the CHROMIUM variable, one on PATH or in its usual place, a cached download, and by apt
 * where this runs as root with CI set. Throws an error of one line that says how to get one otherwise.
 */
export async function ensureChromium(): Promise<string> {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) {
      return named;
    }
    throw new Error(`CHROMIUM names ${named}, which is no program. Set it to the path of a Chromium or Chrome.`);
  }
  const found = findOnPath() ?? usualPlaces().find(isExecutable) ?? (await download()) ?? (await installWithApt());
  if (found === undefined) {
    throw new Error("No Chromium was found and none could be downloaded. Install Chromium or Chrome, or set CHROMIUM to its path.");
  }
  return found;
}

function findOnPath(): string | undefined {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.flatMap((folder) => browserNames.map((name) => path.join(folder, name + suffix))).find(isExecutable);
}

function usualPlaces(): string[] {
  switch (process.platform) {
    case "darwin":
      return ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];
    case "win32":
      return ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((variable) => {
        const folder = process.env[variable];
        return folder === undefined
          ? []
          : [path.join(folder, "Google", "Chrome", "Application", "chrome.exe"), path.join(folder, "Microsoft", "Edge", "Application", "msedge.exe")];
      });
    default:
      return [];
  }
}

/** Playwright's own build of Chromium; undefined where its host cannot be reached or this system cannot run it. */
async function download(): Promise<string | undefined> {
  const home = path.join(cachePath, "chromium");
  // Playwright reads this when it is loaded, and so decides where it looks and where it writes.
  process.env["PLAYWRIGHT_BROWSERS_PATH"] = home;
  const { chromium } = await import("playwright-core");
  const expected = chromium.executablePath();
  if (!existsSync(expected)) {
    console.log(`Downloading Chromium into ${home} ...`);
    await mkdir(home, { recursive: true });
    const cli = path.join(path.dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "cli.js");
    try {
      await runProgram(process.execPath, [cli, "install", "chromium", "--no-shell"], { timeoutMs: downloadTimeoutMs });
    } catch {
      console.log("Chromium could not be downloaded.");
      return undefined;
    }
  }
  return (await starts(expected)) ? expected : undefined;
}

/** Only a throw-away machine of a CI may be changed, so only there packages of the system are installed. */
async function installWithApt(): Promise<string | undefined> {
  if (process.env["CI"] === undefined || process.env["CI"] === "" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return undefined;
  }
  console.log("Installing Chromium with apt-get ...");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await runProgram("apt-get", ["update"], { env });
    await runProgram("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], { env });
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
    return undefined;
  }
  return findOnPath();
}

/** A downloaded browser may lack libraries of the system. */
async function starts(executable: string): Promise<boolean> {
  try {
    await runProgram(executable, ["--version"], { timeoutMs: 30_000 });
    return true;
  } catch {
    console.log(`${executable} does not start here: libraries of the system are missing.`);
    return false;
  }
}

import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { artifactsPath, checkoutPath } from "./checkoutPath.ts";

/**
 * Runs every suite, each to its end whatever the others find, and closes with `N passed, N failed` over all of them.
 * `--all` adds what only CI has time for. A step without tests of its own counts as one.
 */
interface Suite {
  readonly name: string;
  readonly script: string;
  readonly arguments?: readonly string[];
  /** How many tests passed and failed, read from what the suite printed; one in all where absent. */
  readonly count?: (printed: string) => Promise<Count>;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const suites: readonly Suite[] = [
  { name: "type check", script: "check:types" },
  { name: "lint", script: "lint" },
  { name: "layer rules", script: "layers" },
  { name: "bundles", script: "build:bundles" },
  // Before the unit tests: it fetches the VS Code server, whose own YAML grammar they read too.
  { name: "the packaged extension in VS Code", script: "test:vscode", count: countPrinted },
  vitestSuite("unit, language server and command line", "test:unit"),
];

const longSuites: readonly Suite[] = [
  // By themselves, because these hold limits of time that other tests beside them would use up.
  vitestSuite("hostile documents and linear time", "test:limits"),
  { name: "the local Azure and Microsoft's other clients", script: "test:conformance", count: countPrinted },
  { name: "the same source gives the same bundles", script: "check:reproducible" },
  { name: "the main job in the terminal", script: "start", arguments: ["--", "--check"] },
  { name: "pictures of the editor", script: "screenshots" },
  { name: "the benchmark, short", script: "bench", arguments: ["--", "--quick"] },
];

/** A script that runs vitest; its tests are counted from vitest's own report. */
function vitestSuite(name: string, script: string): Suite {
  const report = path.join(artifactsPath, `${script.replace(":", "-")}.json`);
  return { name, script, arguments: ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], count: () => countReported(report) };
}

async function countReported(file: string): Promise<Count> {
  const report = JSON.parse(await readFile(file, "utf8")) as { numPassedTests: number; numFailedTests: number; success: boolean };
  await rm(file);
  const failed = Math.max(report.numFailedTests, report.success ? 0 : 1);
  return { passed: report.numPassedTests, failed };
}

function countPrinted(printed: string): Promise<Count> {
  const last = [...printed.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (last === undefined) return Promise.reject(new Error("the suite printed no total"));
  return Promise.resolve({ passed: Number(last[1]), failed: Number(last[2]) });
}

async function runSuite(suite: Suite): Promise<Count> {
  console.log(`\n=== ${suite.name}`);
  const startedMs = performance.now();
  const { code, printed } = await runScript(suite.script, suite.arguments ?? []);
  console.log(`=== ${suite.name}: ${code === 0 ? "passed" : "FAILED"} in ${String(Math.round((performance.now() - startedMs) / 1000))} s`);
  if (suite.count === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  try {
    const count = await suite.count(printed);
    return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
  } catch (error) {
    console.log(`The tests of "${suite.name}" could not be counted: ${error instanceof Error ? error.message : "unknown"}`);
    return { passed: 0, failed: 1 };
  }
}

function runScript(script: string, scriptArguments: readonly string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
  return new Promise((resolve, reject) => {
    const npm = process.env["npm_execpath"];
    const [program, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
    const child = spawn(program, [...first, "run", "--silent", script, ...scriptArguments], { cwd: checkoutPath, stdio: ["ignore", "pipe", "inherit"] });
    const printed: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed.push(text);
      process.stdout.write(text);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, printed: printed.join("") });
    });
  });
}

await mkdir(artifactsPath, { recursive: true });
const chosen = process.argv.includes("--all") ? [...suites, ...longSuites] : suites;
const counts: Count[] = [];
for (const suite of chosen) counts.push(await runSuite(suite));
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

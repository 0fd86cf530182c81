import { existsSync } from "node:fs";
import path from "node:path";
import { runProgram } from "./runProgram.ts";

/** Runs npm under the Node that runs this script, in `cwd`, and gives what it printed. Throws when npm fails. */
export function runNpm(npmArguments: readonly string[], cwd: string): Promise<string> {
  const env = environmentForNpm();
  const npmCli = findNpmCli();
  if (npmCli !== undefined) {
    return runProgram(process.execPath, [npmCli, ...npmArguments], { cwd, env });
  }
  return runProgram("npm", npmArguments, { cwd, env });
}

function findNpmCli(): string | undefined {
  const fromNpm = process.env["npm_execpath"];
  if (fromNpm !== undefined && path.basename(fromNpm) === "npm-cli.js" && existsSync(fromNpm)) {
    return fromNpm;
  }
  return undefined;
}

/** npm hands its own project's folder and script names to the scripts that it runs; an install elsewhere must not see them. */
function environmentForNpm(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(lifecycle|package)_|npm_config_(local_prefix|prefix)$|INIT_CWD$)/.test(name));
  const env: NodeJS.ProcessEnv = Object.fromEntries(kept);
  env["PATH"] = [path.dirname(process.execPath), process.env["PATH"] ?? ""].join(path.delimiter);
  return env;
}

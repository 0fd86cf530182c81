import { spawn } from "node:child_process";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the program when it takes longer. Default ten minutes. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program to its end and gives what it printed, standard output and error in one text.
 * Throws, with the last lines of that text, when the program is missing, fails or takes too long.
 */
export function runProgram(program: string, programArguments: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { cwd, env, timeoutMs = 600_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...programArguments], {
      ...(cwd === undefined ? {} : { cwd }),
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    const printed: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => printed.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => printed.push(text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const text = printed.join("");
      if (code === 0) {
        resolve(text);
        return;
      }
      const ending = signal === null ? `ended with exit code ${String(code)}` : `was ended by ${signal}`;
      reject(new Error(`${[program, ...programArguments].join(" ")} ${ending}:\n${text.trimEnd().split("\n").slice(-15).join("\n")}`));
    });
  });
}

import { posix } from "node:path";
import type { ReadProblem } from "../workspace/readDocument.ts";
import { readProblemWords } from "../workspace/readDocument.ts";
import type { Gathered, NamedConfig } from "./gatherFiles.ts";
import { lineMap } from "./lineMap.ts";
import { shownInFull } from "./shownInFull.ts";

/** Errors in keyline.jsonc with their places, for standard error; empty where the configuration is good. */
export function configProblemLines({ name, text, problems, readProblem }: NamedConfig): readonly string[] {
  const shown = shownInFull(name);
  if (readProblem !== undefined) return [`${shown}: error ${readProblemWords(readProblem)}`];
  const lines = lineMap(text ?? "");
  return problems.map((problem) => {
    const { start } = lines.range(problem.span);
    return `${shown}:${start.line + 1}:${start.character + 1}: error ${shownInFull(problem.message)}`;
  });
}

/** A keyline.jsonc that somebody may count on and that does not count. */
export function otherConfigLines({ config, otherConfigs }: Gathered): readonly string[] {
  const isRead = config.text !== undefined || config.readProblem !== undefined;
  const why = isRead ? `the configuration of this run is ${shownInFull(config.name)}` : "this run has no configuration";
  return otherConfigs.map((name) => `${shownInFull(name)}: not read: ${why}. Run keyline in ${shownInFull(posix.dirname(name))} to use it`);
}

/** Globs that somebody may count on and that give no file its scope. */
export function unusedScopeLines({ config, unusedScopes }: Gathered): readonly string[] {
  return unusedScopes.map((glob) => `${shownInFull(config.name)}: scopes: no file matches ${shownInFull(glob)}`);
}

export function fileProblemLines(problems: Gathered["problems"]): readonly string[] {
  return problems.map(({ name, problem }) => `${shownInFull(name)}: ${readProblemWords(problem)}`);
}

/** True where something may have been lost that the person meant to be checked; other content is skipped and said so. */
export function isLoss(problem: ReadProblem): boolean {
  return problem === "no-permission" || problem === "unreadable" || problem === "not-found";
}

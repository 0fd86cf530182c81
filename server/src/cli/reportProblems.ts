import { shownText } from "../core/model/shownText.ts";
import type { ReadProblem } from "../workspace/readDocument.ts";
import { readProblemWords } from "../workspace/readDocument.ts";
import type { Gathered } from "./gatherFiles.ts";
import { lineMap } from "./lineMap.ts";

const longText = 4000;

/** Errors in keyline.jsonc with their places, for standard error; empty where all configurations are good. */
export function configProblemLines(configs: Gathered["configs"]): readonly string[] {
  return configs.flatMap(({ name, text, problems, readProblem }) => {
    const shown = shownText(name, longText);
    if (readProblem !== undefined) return [`${shown}: error ${readProblemWords(readProblem)}`];
    const lines = lineMap(text ?? "");
    return problems.map((problem) => {
      const { start } = lines.range(problem.span);
      return `${shown}:${start.line + 1}:${start.character + 1}: error ${shownText(problem.message, longText)}`;
    });
  });
}

export function fileProblemLines(problems: Gathered["problems"]): readonly string[] {
  return problems.map(({ name, problem }) => `${shownText(name, longText)}: ${readProblemWords(problem)}`);
}

/** True where something may have been lost that the person meant to be checked; other content is skipped and said so. */
export function isLoss(problem: ReadProblem): boolean {
  return problem === "no-permission" || problem === "unreadable" || problem === "not-found";
}

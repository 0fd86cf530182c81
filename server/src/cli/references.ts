import type { Reference } from "../core/index.ts";
import { uriParts } from "../core/index.ts";
import type { ReferencesArguments } from "./arguments.ts";
import type { CliHost } from "./cliHost.ts";
import { exitCodes } from "./exitCodes.ts";
import { gatherFiles } from "./gatherFiles.ts";
import { lineMap } from "./lineMap.ts";
import { fileProblemLines, isLoss, otherConfigLines } from "./reportProblems.ts";

/** Lists all references, schema keyline/references/1. Nothing is judged, so what is wrong in keyline.jsonc does not matter. */
export async function references(host: CliHost, options: ReferencesArguments): Promise<number> {
  const gathered = await gatherFiles(host.files, { workingDirectory: host.workingDirectory, paths: options.paths, entities: false });
  if (typeof gathered === "string") {
    await host.err.write(`keyline: ${gathered}\n`);
    return exitCodes.wrongUsage;
  }
  const listed = gathered.files.flatMap(({ name, analysis }) => {
    const lines = lineMap(analysis.text);
    return analysis.references.map((reference) => ({ file: name, range: lines.range(reference.span), ...referenceEntry(reference) }));
  });
  const problems = [...fileProblemLines(gathered.problems), ...otherConfigLines(gathered)];
  if (problems.length > 0) await host.err.write(`${problems.join("\n")}\n`);
  await host.out.write(`${JSON.stringify({ schema: "keyline/references/1", references: listed }, undefined, 2)}\n`);
  return gathered.problems.some(({ problem }) => isLoss(problem)) ? exitCodes.wrongUsage : exitCodes.good;
}

function referenceEntry(reference: Reference): object {
  const { form, dynamic, scope, identifier, uri } = reference;
  return {
    form,
    dynamic,
    ...(scope === undefined ? {} : { scope }),
    ...(identifier === undefined ? {} : { identifier: identifier.text }),
    ...(uri === undefined ? {} : { uri: uriEntry(uri) }),
  };
}

function uriEntry(uri: NonNullable<Reference["uri"]>): object {
  return { scheme: uri.scheme.text, connector: uri.connector.text, ...uriParts(uri) };
}

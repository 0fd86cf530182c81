/** Variables with literal values, and those of type Secret, that an expression in the same file can name (Harness, "Harness variables"). */
import { append } from "../model/append.ts";
import type { RecognisedDocument } from "./recognise.ts";
import { isPlaceholder, nodeText } from "./recognise.ts";
import type { YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

/** What the file says of `pipeline.variables.x`, `stage.variables.x`, `serviceVariables.x` or `env.variables.x` for an expression at `offset`. */
export interface VariableLookup {
  /** Its literal value. */
  value(expression: string, offset: number): string | undefined;
  /** True for a variable of type Secret. */
  isSecret(expression: string, offset: number): boolean;
}

interface Variable {
  readonly owner: "pipeline" | "stage" | "service" | "env";
  readonly name: string;
  /** Absent for a variable of type Secret. */
  readonly value?: string;
  /** The text in which the variable counts. */
  readonly start: number;
  readonly end: number;
}

export function variableLookup(text: string, documents: readonly RecognisedDocument[]): VariableLookup {
  let variables: ReadonlyMap<string, readonly Variable[]> | undefined;
  const find = (expression: string, offset: number): Variable | undefined => {
    const match = /^(pipeline\.variables|stage\.variables|serviceVariables|env\.variables)\.([A-Za-z_][\w$]{0,127})$/.exec(expression);
    if (match?.[1] === undefined) return undefined;
    variables ??= byName(documents.flatMap((document) => collect(text, document)));
    const owner = match[1].startsWith("pipeline") ? "pipeline" : match[1].startsWith("stage") ? "stage" : match[1].startsWith("service") ? "service" : "env";
    return variableAt(variables.get(`${owner} ${match[2] ?? ""}`) ?? [], offset);
  };
  return {
    value: (expression, offset) => find(expression, offset)?.value,
    isSecret: (expression, offset) => {
      const found = find(expression, offset);
      return found !== undefined && found.value === undefined;
    },
  };
}

/** The variables under their owner's kind and their name, each list in order of where they begin to count. */
function byName(variables: readonly Variable[]): ReadonlyMap<string, readonly Variable[]> {
  const lists = new Map<string, Variable[]>();
  for (const variable of [...variables].sort((a, b) => a.start - b.start)) {
    const key = `${variable.owner} ${variable.name}`;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [variable]);
    else list.push(variable);
  }
  return lists;
}

/** The variable that counts at `offset`. The texts in which variables of one name count are equal or apart. */
function variableAt(variables: readonly Variable[], offset: number): Variable | undefined {
  let low = 0;
  let high = variables.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((variables[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = variables[low - 1];
  if (found === undefined || offset >= found.end) return undefined;
  // Two variables of one name: which one counts depends on the run.
  return variables[low - 2]?.start === found.start ? undefined : found;
}

function collect(text: string, document: RecognisedDocument): readonly Variable[] {
  const { entity, kind } = document;
  if (entity === undefined) return [];
  const found: Variable[] = [];
  if (kind === "pipeline") {
    append(found, variablesOf(text, entity, "pipeline", document.span.start, document.span.end));
    for (const stage of stagesOf(text, entity)) append(found, variablesOf(text, stage, "stage", stage.start, lastEnd(stage)));
  }
  if (kind === "service") {
    const definition = childOf(text, childOf(text, entity, "serviceDefinition"), "spec");
    if (definition !== undefined) append(found, variablesOf(text, definition, "service", 0, text.length));
  }
  if (kind === "environment") append(found, variablesOf(text, entity, "env", 0, text.length));
  return found;
}

/** The stages of a pipeline, those in `parallel` too. */
function stagesOf(text: string, pipeline: YamlNode): readonly YamlNode[] {
  const stages: YamlNode[] = [];
  const pending: (YamlNode | undefined)[] = [childOf(text, pipeline, "stages")];
  for (let list = pending.pop(); list !== undefined; list = pending.pop()) {
    for (const item of list.children) {
      const stage = childOf(text, item, "stage");
      if (stage !== undefined) stages.push(stage);
      const parallel = childOf(text, item, "parallel");
      if (parallel !== undefined) pending.push(parallel);
    }
  }
  return stages;
}

function variablesOf(text: string, owner: YamlNode, kind: Variable["owner"], start: number, end: number): readonly Variable[] {
  const found: Variable[] = [];
  for (const item of childOf(text, owner, "variables")?.children ?? []) {
    const name = nodeText(text, childOf(text, item, "name"));
    const type = nodeText(text, childOf(text, item, "type"));
    if (name !== undefined && type === "Secret") found.push({ owner: kind, name, start, end });
    const value = nodeText(text, childOf(text, item, "value"))?.trim();
    if (name === undefined || type !== "String" || value === undefined || value === "" || isPlaceholder(value)) continue;
    found.push({ owner: kind, name, value, start, end });
  }
  return found;
}

/** Where the text of a collection ends. */
function lastEnd(node: YamlNode): number {
  let current = node;
  for (let last = current.children.at(-1); last !== undefined; last = current.children.at(-1)) current = last;
  return Math.max(node.end, current.end) + 1;
}

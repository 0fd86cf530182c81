/**
 * Documents that hold a part of a Harness entity and none of the keys that entities begin with: parts of a pipeline, the
 * specification of an override, a workspace of Infrastructure as Code. Other tools use the same keys, so each has to show
 * something that is Harness's alone. Keys and types are compared as they are written.
 */
import { secretVariableLists } from "../model/secretFields.ts";
import type { YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

const stepLikeParts = ["stage", "step", "stepGroup"];
/** What one of those has beside its identifier. */
const partFields = ["type", "spec", "steps", "template"];
/** No other tool has these keys. */
const ownParts = ["stageOverrides", "customVariables"];
/** Lists that may stand around the parts. */
const partLists = ["stages", "steps", "parallel"];

/** Parts of a pipeline by themselves, at the top of the document or as items of a list. */
export function isFragment(text: string, root: YamlNode | undefined): boolean {
  if (root === undefined || childOf(text, root, "apiVersion") !== undefined) return false;
  const pending: YamlNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const owners = node.kind === "seq" ? node.children : [node];
    for (const owner of owners) {
      if (owner.kind !== "map") continue;
      if (holdsPart(text, owner)) return true;
      for (const key of partLists) {
        const list = childOf(text, owner, key);
        if (list?.kind === "seq") pending.push(list);
      }
    }
  }
  return false;
}

function holdsPart(text: string, owner: YamlNode): boolean {
  for (const key of stepLikeParts) {
    const part = childOf(text, owner, key);
    if (part?.kind !== "map") continue;
    const hasField = partFields.some((field) => childOf(text, part, field) !== undefined);
    if (hasField && childOf(text, part, "identifier") !== undefined) return true;
    const marks = harnessMarks(text, part);
    if (marks.own || (hasField && marks.expression)) return true;
  }
  return ownParts.some((key) => {
    const part = childOf(text, owner, key);
    if (part === undefined || part.kind === "scalar") return false;
    const marks = harnessMarks(text, part);
    return marks.own || marks.expression;
  });
}

type Shape = (text: string, node: YamlNode) => boolean;

const overrideShapes: Readonly<Record<string, Shape>> = {
  variables: listOf((text, item) => childOf(text, item, "name") !== undefined && ["String", "Secret", "Number"].includes(written(text, childOf(text, item, "type")) ?? "")),
  configFiles: listOf((text, item) => childOf(text, item, "configFile")?.kind === "map"),
  manifests: listOf((text, item) => childOf(text, item, "manifest")?.kind === "map"),
  connectionStrings: isStoreOwner,
  applicationSettings: isStoreOwner,
};
/** What may stand beside them. */
const overrideFields: ReadonlySet<string> = new Set(["identifier", "orgIdentifier", "projectIdentifier", "environmentRef", "serviceRef", "infraIdentifier"]);

/** What an override changes, without the head that the override has in Git: Terraform takes it so. */
export function isOverrideSpec(text: string, root: YamlNode): boolean {
  let found = false;
  for (const child of root.children) {
    const key = child.key === undefined ? "" : text.slice(child.key.start, child.key.end);
    const shape = Object.hasOwn(overrideShapes, key) ? overrideShapes[key] : undefined;
    if (shape === undefined ? !overrideFields.has(key) : child.kind !== "scalar" && !shape(text, child)) return false;
    if (shape !== undefined && child.kind !== "scalar") found = true;
  }
  if (!found) return false;
  const marks = harnessMarks(text, root);
  return marks.own || marks.expression;
}

function listOf(isItem: Shape): Shape {
  return (text, node) => node.kind === "seq" && node.children.some((item) => isItem(text, item));
}

function isStoreOwner(text: string, node: YamlNode): boolean {
  return childOf(text, node, "store")?.kind === "map" || (childOf(text, node, "type") !== undefined && childOf(text, node, "spec")?.kind === "map");
}

/** A workspace as the API takes it, below its own key or by itself; undefined where the document is none. */
export function workspaceIn(text: string, root: YamlNode): YamlNode | undefined {
  const body = childOf(text, root, "workspace") ?? root;
  if (childOf(text, body, "identifier") === undefined) return undefined;
  return ["terraform_variables", "environment_variables"].some((key) => holdsSecretVariable(text, childOf(text, body, key))) ? body : undefined;
}

function holdsSecretVariable(text: string, variables: YamlNode | undefined): boolean {
  return variables?.children.some((item) => isWorkspaceSecret(text, item)) === true;
}

/** A variable of a workspace whose value is the identifier of a secret. */
export function isWorkspaceSecret(text: string, item: YamlNode): boolean {
  return written(text, childOf(text, item, "value_type")) === "secret" && childOf(text, item, "value") !== undefined;
}

interface HarnessMarks {
  readonly expression: boolean;
  /** A Secret variable, or a file that is kept in Harness. */
  readonly own: boolean;
}

function harnessMarks(text: string, part: YamlNode): HarnessMarks {
  let expression = false;
  const pending: YamlNode[] = [part];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.scalar !== undefined) expression ||= text.slice(node.scalar.start, node.scalar.end).includes("<+");
    else if (node.kind === "map" && (isSecretVariable(text, node) || isHarnessStore(text, node))) return { expression, own: true };
    for (const child of node.children) pending.push(child);
  }
  return { expression, own: false };
}

function isSecretVariable(text: string, item: YamlNode): boolean {
  const list = item.parent;
  if (list?.kind !== "seq" || list.key === undefined || !secretVariableLists.has(text.slice(list.key.start, list.key.end))) return false;
  return written(text, childOf(text, item, "type")) === "Secret" && ["name", "value"].every((key) => childOf(text, item, key) !== undefined);
}

function isHarnessStore(text: string, node: YamlNode): boolean {
  return node.key !== undefined && text.slice(node.key.start, node.key.end) === "store" && written(text, childOf(text, node, "type")) === "Harness";
}

function written(text: string, node: YamlNode | undefined): string | undefined {
  return node?.scalar === undefined ? undefined : text.slice(node.scalar.start, node.scalar.end);
}

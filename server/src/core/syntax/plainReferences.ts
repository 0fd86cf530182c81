/** Plain references: identifiers of secrets in fields that take one, without any expression. */
import { append } from "../model/append.ts";
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { PlainPlace, Reference } from "../model/reference.ts";
import type { PlainSlot } from "../model/snapshot.ts";
import { isConnectorSecretField, otherFields, secretFieldKeys, secretVariableLists, sshAndWinRmFields } from "../model/secretFields.ts";
import { isWorkspaceSecret } from "./partialDocuments.ts";
import type { RecognisedDocument } from "./recognise.ts";
import { isPlaceholder, nodeText } from "./recognise.ts";
import { readReference } from "./referenceText.ts";
import { scalarText } from "./scalarText.ts";
import type { YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

export interface PlainResult {
  readonly references: Reference[];
  readonly slots: PlainSlot[];
  readonly findings: Finding[];
}

/** Everything in one document; `index` is the document's place in the file. */
export function readPlainReferences(text: string, document: RecognisedDocument, index: number): PlainResult {
  const result: PlainResult = { references: [], slots: [], findings: [] };
  const { entity, kind } = document;
  if (entity === undefined || kind === undefined) return result;
  const type = nodeText(text, childOf(text, entity, "type")) ?? "";
  const pending: YamlNode[] = [entity];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (let child = node.children.length - 1; child >= 0; child--) {
      const next = node.children[child];
      if (next !== undefined && next.kind !== "scalar") pending.push(next);
    }
    const placeOf = placesIn(text, node, { kind, type, entity });
    for (const child of node.children) {
      if (child.kind !== "scalar") continue;
      const place = placeOf(child);
      if (place !== undefined && place !== "secret-path") readField(text, child, place, { index, result, document });
      if (place !== undefined && !child.alias) result.slots.push(slotOf(child, place, index));
    }
  }
  return result;
}

interface Owner {
  readonly kind: string;
  readonly type: string;
  readonly entity: YamlNode;
}

/**
 * Tells what kind of reference a scalar of `collection` is, undefined where it is none. What depends on the collection
 * is looked up once, for its scalars may be many.
 */
function placesIn(text: string, collection: YamlNode, owner: Owner): (node: YamlNode) => PlainSlot["place"] | undefined {
  const secretFiles = keyOf(text, collection) === "secretFiles";
  const underSpec = once(() => isUnderSpec(text, collection, owner.entity));
  const valuePlace = once(() => variablePlace(text, collection, "value"));
  const defaultPlace = once(() => variablePlace(text, collection, "default"));
  const path = once(() => secretPath(text, collection, owner));
  return (node) => {
    if (node.key === undefined) return secretFiles ? "other-field" : undefined;
    const key = text.slice(node.key.start, node.key.end);
    if (!secretFieldKeys.has(key)) return undefined;
    if (key === "value") return valuePlace() ?? (path() === node ? "secret-path" : undefined);
    if (key === "default") return defaultPlace();
    if (owner.kind === "connector") return underSpec() && isConnectorSecretField(owner.type, key) ? "connector-field" : undefined;
    if (owner.kind === "secret") {
      const isCredential = owner.type === "SSHKey" || owner.type === "WinRmCredentials";
      return isCredential && sshAndWinRmFields.has(key) && underSpec() ? "secret-field" : undefined;
    }
    return otherFields.has(key) ? "other-field" : undefined;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** `spec.value` of a text secret of type Reference: a path inside its secret manager. */
function secretPath(text: string, collection: YamlNode, owner: Owner): YamlNode | undefined {
  if (owner.kind !== "secret" || owner.type !== "SecretText" || collection.parent !== owner.entity || keyOf(text, collection) !== "spec") return undefined;
  return nodeText(text, childOf(text, collection, "valueType")) === "Reference" ? childOf(text, collection, "value") : undefined;
}

function slotOf(node: YamlNode, place: PlainSlot["place"], document: number): PlainSlot {
  const start = node.key?.end ?? node.start;
  const content = node.scalar === undefined ? { start: node.end, end: node.end } : { start: node.scalar.start, end: node.scalar.end };
  return { span: { start, end: Math.max(node.end, content.end) }, content, style: node.scalar?.style ?? "empty", place, document };
}

/** `value` and `default` of a Secret variable, `value` of an experiment's secret input and of a workspace's secret variable. */
function variablePlace(text: string, item: YamlNode, key: string): PlainPlace | undefined {
  if (item.kind !== "map") return undefined;
  if (key === "value") {
    const referenceType = nodeText(text, childOf(text, item, "referenceType"));
    if (referenceType === "SecretText" || referenceType === "SecretFile") return "other-field";
    if (nodeText(text, childOf(text, item, "referenceKind")) === "Secret" || isWorkspaceSecret(text, item)) return "other-field";
  }
  if (nodeText(text, childOf(text, item, "type")) !== "Secret" || (childOf(text, item, "name") ?? childOf(text, item, "<<")) === undefined) return undefined;
  const list = item.parent;
  if (list?.kind !== "seq" || list.key === undefined) return undefined;
  return secretVariableLists.has(text.slice(list.key.start, list.key.end)) ? "secret-variable" : undefined;
}

interface FieldContext {
  readonly index: number;
  readonly result: PlainResult;
  readonly document: RecognisedDocument;
}

function readField(text: string, node: YamlNode, place: PlainPlace, context: FieldContext): void {
  const { scalar } = node;
  if (scalar === undefined || node.alias) return;
  const source = scalarText(text, scalar);
  const leading = source.text.length - source.text.trimStart().length;
  const content = source.text.trim();
  if (content === "" || content === "null" || content === "~") return;
  const span = { start: source.offset(leading), end: source.offset(leading + content.length) };
  const argument = { text: content, span };
  const base = { form: "plain" as const, span, argument, document: context.index, place };
  if (/<\+[^]{0,2000}\bsecrets\s{0,20}\.\s{0,20}getValue\s{0,20}\(/.test(content.slice(0, 4000))) {
    // The format of Harness 3.0 takes an expression where today's takes an identifier.
    const finding = context.document.isV1 ? undefined : expressionFinding(text, node, place, argument, content);
    if (finding !== undefined) context.result.findings.push(finding);
    return;
  }
  // The value comes with the run; a default or a list of allowed values behind it changes nothing.
  if (content.startsWith("<+input>")) return;
  if (isPlaceholder(content)) {
    context.result.references.push({ ...base, dynamic: true, broken: false });
    return;
  }
  if (place === "connector-field" && content.includes("://")) {
    const read = readReference(content, (index) => source.offset(leading + index), true);
    const { findings: _findings, broken: _broken, ...parts } = read;
    context.result.findings.push(newFinding("uri-in-connector-ref", span, "A connector field takes the identifier of a secret, a path is refused. Create a secret that refers to the path, and write its identifier"));
    context.result.references.push({ ...base, ...parts, dynamic: false, broken: true });
    return;
  }
  const read = readReference(content, (index) => source.offset(leading + index), true);
  const { findings, broken, ...parts } = read;
  append(context.result.findings, findings);
  const hasDots = findings.some((finding) => finding.rule === "dots-in-plain-ref");
  if (parts.uri !== undefined && !hasDots && place === "secret-variable") {
    context.result.findings.push(newFinding("uri-in-secret-ref", base.span, "A path works here, but Harness does not document it. Prefer the identifier of a secret"));
  }
  context.result.references.push({ ...base, ...parts, dynamic: false, broken });
}

function expressionFinding(text: string, node: YamlNode, place: PlainPlace, argument: Reference["argument"], content: string): Finding | undefined {
  if (place === "secret-variable" && takesExpression(text, node)) return undefined;
  // Whether a workspace takes an expression here is not documented.
  if (node.parent !== undefined && isWorkspaceSecret(text, node.parent)) return undefined;
  const inner = /^<\+\s{0,20}secrets\.getValue\(\s{0,20}(["'])([^"'<>]{1,300})\1\s{0,20}\)\s{0,20}>$/.exec(content.slice(0, 400))?.[2];
  const fixes = inner === undefined ? [] : [replaceFix(`Write "${inner}"`, argument.span, inner)];
  if (place === "secret-variable") {
    return newFinding("secret-var-expression", argument.span, "The value of a Secret variable is the identifier itself, an expression is refused. Write id, org.id or account.id", { fixes });
  }
  return newFinding("expression-in-ref", argument.span, "This field takes the identifier of a secret, not an expression. Write id, org.id or account.id", { fixes });
}

/** Variables whose schema does not refuse an expression: a template's own, and those of a custom deployment's infrastructure. */
function takesExpression(text: string, node: YamlNode): boolean {
  const owner = node.parent?.parent?.parent;
  const ownerKey = keyOf(text, owner);
  if (ownerKey === "spec") return nodeText(text, childOf(text, owner?.parent, "type")) === "CustomDeployment";
  return ownerKey === "template" || ownerKey === "infrastructure";
}

function isUnderSpec(text: string, collection: YamlNode, entity: YamlNode): boolean {
  let current: YamlNode | undefined = collection;
  for (let depth = 0; current !== undefined && current !== entity && depth < 200; depth++) {
    if (current.parent === entity) return keyOf(text, current) === "spec";
    current = current.parent;
  }
  return false;
}

function keyOf(text: string, node: YamlNode | undefined): string | undefined {
  return node?.key === undefined ? undefined : text.slice(node.key.start, node.key.end);
}

/** What makes a YAML document one of Harness's, by its content alone. */
import type { DocumentHead } from "../model/documentScope.ts";
import type { HarnessDocument } from "../model/snapshot.ts";
import { isFragment, isOverrideSpec, workspaceIn } from "./partialDocuments.ts";
import { scalarText } from "./scalarText.ts";
import type { YamlDocument, YamlNode } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";

const entityKinds = [
  "pipeline",
  "template",
  "inputSet",
  "overlayInputSet",
  "trigger",
  "connector",
  "secret",
  "environment",
  "infrastructureDefinition",
  "service",
  "serviceOverrides",
  "overrides",
  "environmentGroup",
  "freeze",
];
/** Kinds whose key also begins other tools' files: with nothing but an expression in them they must stand alone. */
const ambiguousKinds: ReadonlySet<string> = new Set(["secret", "service", "environment", "trigger", "overrides", "template"]);

export interface RecognisedDocument extends HarnessDocument {
  readonly isHarness: boolean;
  /** True for the format of Harness 3.0 (`version: 1`). */
  readonly isV1: boolean;
  /** True for a file of Harness Open Source: `kind: pipeline` or `kind: template` with a `spec`, and no body of Harness 3.0. */
  readonly isOpenSource: boolean;
  /** The node under the kind's key. */
  readonly entity: YamlNode | undefined;
}

export function recognise(text: string, document: YamlDocument): RecognisedDocument {
  const span = { start: document.start, end: document.end };
  const none: RecognisedDocument = { isHarness: false, isV1: false, isOpenSource: false, span, placeholderScope: false, entity: undefined };
  const { root } = document;
  if (root !== undefined && isFragment(text, root)) {
    return { ...none, isHarness: true, isV1: root.kind === "map" && isVersionOne(text, root), kind: "fragment", entity: root };
  }
  if (root?.kind !== "map") return none;
  if (childOf(text, root, "apiVersion") !== undefined) return none;
  const kind = entityKinds.find((name) => childOf(text, root, name)?.kind === "map");
  const isV1 = isVersionOne(text, root) && !isDrone(text, root);
  const isOpenSource = isV1 && kind === undefined && isOpenSourceFile(text, root);
  if (kind === undefined) return isV1 ? { ...none, isHarness: true, isV1, isOpenSource } : { ...none, ...withoutKind(text, root) };
  const entity = childOf(text, root, kind);
  if (!looksLikeHarness(text, document, root, kind, entity)) return isV1 ? { ...none, isHarness: true, isV1 } : none;
  return { isHarness: true, isV1, isOpenSource, span, ...placedEntity(text, kind, entity) };
}

/** An entity that no key of its own begins. */
function withoutKind(text: string, root: YamlNode): Partial<RecognisedDocument> {
  if (isOverrideSpec(text, root)) return { isHarness: true, ...placedEntity(text, "override", root) };
  const workspace = workspaceIn(text, root);
  return workspace === undefined ? {} : { isHarness: true, ...placedEntity(text, "workspace", workspace) };
}

function placedEntity(text: string, kind: string, entity: YamlNode | undefined): DocumentHead & Pick<RecognisedDocument, "entity"> {
  const org = scopeField(text, entity, "orgIdentifier");
  const project = scopeField(text, entity, "projectIdentifier");
  return {
    kind,
    entity,
    ...(org.value === undefined ? {} : { org: org.value }),
    ...(project.value === undefined ? {} : { project: project.value }),
    placeholderScope: org.placeholder || project.placeholder,
  };
}

function looksLikeHarness(text: string, document: YamlDocument, root: YamlNode, kind: string, entity: YamlNode | undefined): boolean {
  for (const key of ["identifier", "orgIdentifier", "projectIdentifier", "versionLabel"]) {
    if (childOf(text, entity, key) !== undefined) return true;
  }
  // A connector that is being written may have its type before its identifier, and no one else has this type.
  if (kind === "connector" && nodeText(text, childOf(text, entity, "type")) === "AzureKeyVault") return true;
  if (ambiguousKinds.has(kind) && root.children.length > 1) return false;
  return text.slice(document.start, document.end).includes("<+");
}

/** Harness 3.0: `version: 1`, which Compose files may have too, or one of Harness's kinds with a `spec`. */
function isVersionOne(text: string, root: YamlNode): boolean {
  if (childOf(text, root, "services") !== undefined) return false;
  if (nodeText(text, childOf(text, root, "version")) === "1") return true;
  return entityKinds.includes(nodeText(text, childOf(text, root, "kind")) ?? "") && childOf(text, root, "spec")?.kind === "map";
}

function isOpenSourceFile(text: string, root: YamlNode): boolean {
  return ["pipeline", "template"].includes(nodeText(text, childOf(text, root, "kind")) ?? "") && childOf(text, root, "spec")?.kind === "map";
}

function isDrone(text: string, root: YamlNode): boolean {
  return nodeText(text, childOf(text, root, "kind")) === "pipeline" && ["docker", "kubernetes", "exec", "ssh"].includes(nodeText(text, childOf(text, root, "type")) ?? "");
}

function scopeField(text: string, entity: YamlNode | undefined, key: string): { readonly value?: string; readonly placeholder: boolean } {
  const node = childOf(text, entity, key);
  const value = nodeText(text, node);
  if (node?.alias === true) return { placeholder: true };
  if (value === undefined || value === "") return { placeholder: false };
  return isPlaceholder(value) || !/^[A-Za-z_][0-9A-Za-z_$-]{0,127}$/.test(value) ? { placeholder: true } : { value, placeholder: false };
}

/** True for text that something else fills in before Harness reads it, or Harness while it runs. */
export function isPlaceholder(text: string): boolean {
  return text.includes("<+") || text.includes("${") || text.includes("%{") || text.includes("{{");
}

/** The content of a scalar node. */
export function nodeText(text: string, node: YamlNode | undefined): string | undefined {
  return node?.scalar === undefined ? undefined : scalarText(text, node.scalar).text;
}

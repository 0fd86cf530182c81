/** Reads one text once: its documents, references, entities and what the text alone shows to be wrong. */
import { append } from "./model/append.ts";
import { pathScope } from "./model/documentScope.ts";
import type { Entity } from "./model/entities.ts";
import type { EntityOutline } from "./model/entityOutline.ts";
import type { Finding } from "./model/finding.ts";
import type { Reference } from "./model/reference.ts";
import type { Analysis, PlainSlot } from "./model/snapshot.ts";
import type { Span } from "./model/span.ts";
import { connectorFaults } from "./syntax/connectorFaults.ts";
import { readEntity } from "./syntax/entities.ts";
import { headFaults } from "./syntax/entityHead.ts";
import { readOutline } from "./syntax/entityOutline.ts";
import { readExpressions } from "./syntax/expressionReferences.ts";
import { FieldRoles } from "./syntax/fieldRoles.ts";
import { inputYamlOf, readInputYaml } from "./syntax/inputYaml.ts";
import { readPlainReferences } from "./syntax/plainReferences.ts";
import { recognise } from "./syntax/recognise.ts";
import type { TextPlace } from "./syntax/readScalar.ts";
import { rawText } from "./syntax/scalarText.ts";
import type { PlacedScalar } from "./syntax/textReader.ts";
import { TextReader } from "./syntax/textReader.ts";
import { variableLookup } from "./syntax/variables.ts";
import { scanYaml } from "./syntax/yamlScan.ts";

/** A longer text (in UTF-16 code units) is not read for its structure: only the syntax of its expressions is checked. */
export const maxStructureLength = 4 * 1024 * 1024;

/** What only the files around a text can tell. */
export interface FileRole {
  /** Harness renders the whole file, comments too: it lies beside a Chart.yaml, or a kustomization names it as a patch. */
  readonly rendered?: boolean;
}

/** A file named like a values file. A file of Harness's own formats is never one, whatever its name. */
const valuesName = /values[^/]{0,200}\.ya?ml$/i;

/** An analysis with what is needed to bring it up to date after an edit inside one scalar. */
export interface DetailedAnalysis {
  readonly analysis: Analysis;
  /** In order of position. */
  readonly expressionScalars: readonly PlacedScalar[];
}

/** Total: any text gives an answer. `uri` gives the path scope and becomes the origin of entities. */
export function analyze(uri: string, text: string, role: FileRole = {}): Analysis {
  return analyzeInDetail(uri, text, role).analysis;
}

export function analyzeInDetail(uri: string, text: string, role: FileRole = {}): DetailedAnalysis {
  if (text.length > maxStructureLength) return { analysis: analyzeAsText(uri, text), expressionScalars: [] };
  const scan = scanYaml(text);
  const documents = scan.documents.map((document) => recognise(text, document));
  const isHarness = documents.some((document) => document.isHarness);
  const isRendered = !isHarness && (role.rendered === true || valuesName.test(uri.slice(uri.lastIndexOf("/") + 1)));
  const path = pathScope(uri);
  const variables = variableLookup(text, documents);
  const roles = new FieldRoles(text, scan, documents);
  const places = documents.map((document, index): TextPlace => ({ document: index, isHarness: document.isHarness, isV1: document.isV1, isOpenSource: document.isOpenSource, isRendered, variables, roles }));
  const inputs = documents.map((document) => inputYamlOf(text, document));
  const reader = new TextReader(text, scan, places);
  if (isHarness || holdsMarker(text)) reader.readScalars(new Set(inputs.filter((scalar) => scalar !== undefined)));
  if (!isHarness && (isRendered || holdsMarker(text))) reader.readComments();
  const entities: Entity[] = [];
  const slots: PlainSlot[] = [];
  const outlines: EntityOutline[] = [];
  documents.forEach((document, index) => {
    if (!document.isHarness) return;
    const plain = readPlainReferences(text, document, index);
    append(reader.references, plain.references);
    append(reader.findings, plain.findings);
    append(slots, plain.slots);
    const input = inputs[index];
    const place = places[index];
    if (input !== undefined && place !== undefined) {
      const within = readInputYaml(text, input, document, place);
      append(reader.references, within.references);
      append(reader.findings, within.findings);
      append(slots, within.slots);
      append(reader.expressionTexts, within.expressionTexts);
    }
    const read = readEntity(text, uri, document, path);
    if (read.entity !== undefined) entities.push(read.entity);
    append(reader.findings, read.findings);
    const outline = readOutline(text, document, index, read.entity);
    if (outline === undefined) return;
    outlines.push(outline);
    append(reader.findings, connectorFaults(text, outline));
    append(reader.findings, headFaults(outline));
  });
  const analysis: Analysis = {
    uri,
    text,
    isHarness,
    tooLarge: false,
    documents: documents.map(({ entity: _entity, isHarness: _isHarness, isV1: _isV1, isOpenSource: _isOpenSource, ...document }) => document),
    pathScope: path,
    references: sortedBySpan(reader.references),
    findings: sortedBySpan(reader.findings),
    entities,
    outlines,
    slots,
    expressionTexts: reader.expressionTexts.sort((a, b) => a.span.start - b.span.start),
  };
  return { analysis, expressionScalars: reader.expressionScalars };
}

/** What makes a file outside Harness's formats one whose expressions are read. */
const marker = /<\+\s{0,20}[sS]ecrets?\.|<_\+secrets\.|<secrets\./;

function holdsMarker(text: string): boolean {
  return marker.test(text);
}

/** A file too long to be read for its structure: every expression in it, comments and all. */
function analyzeAsText(uri: string, text: string): Analysis {
  const references: Reference[] = [];
  const findings: Finding[] = [];
  if (holdsMarker(text)) {
    const result = readExpressions(rawText(text, 0, text.length), { document: 0, variable: () => undefined, isSecretVariable: () => false, script: () => undefined, isCondition: () => false });
    append(references, result.references);
    append(findings, result.findings);
  }
  return {
    uri,
    text,
    isHarness: false,
    tooLarge: true,
    documents: [{ span: { start: 0, end: text.length }, placeholderScope: true }],
    pathScope: pathScope(uri),
    references,
    findings: sortedBySpan(findings),
    entities: [],
    outlines: [],
    slots: [],
    expressionTexts: holdsMarker(text) ? [{ span: { start: 0, end: text.length }, quoting: "none" }] : [],
  };
}

function sortedBySpan<T extends { readonly span: Span }>(items: T[]): readonly T[] {
  return items.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Reads one text once: its documents, references, entities and what the text alone shows to be wrong. */
import { append } from "./model/append.ts";
import { documentScope, pathScope } from "./model/documentScope.ts";
import type { Entity } from "./model/entities.ts";
import type { Finding } from "./model/finding.ts";
import { newFinding, replaceFix } from "./model/newFinding.ts";
import type { Reference } from "./model/reference.ts";
import type { Analysis, ExpressionText, PlainSlot } from "./model/snapshot.ts";
import type { Span } from "./model/span.ts";
import { scriptComments } from "./syntax/scriptComment.ts";
import { dialectMark, readDialects } from "./syntax/dialects.ts";
import { readEntity } from "./syntax/entities.ts";
import { readExpressions } from "./syntax/expressionReferences.ts";
import { NextPlace } from "./syntax/nextPlace.ts";
import { readPlainReferences } from "./syntax/plainReferences.ts";
import type { Place, Reading, Readings } from "./syntax/readings.ts";
import type { RecognisedDocument } from "./syntax/recognise.ts";
import { recognise } from "./syntax/recognise.ts";
import type { ScalarText } from "./syntax/scalarText.ts";
import { rawText, scalarText } from "./syntax/scalarText.ts";
import type { VariableLookup } from "./syntax/variables.ts";
import { variableLookup } from "./syntax/variables.ts";
import type { Scalar, YamlScan } from "./syntax/yamlNode.ts";
import { scanYaml } from "./syntax/yamlScan.ts";

/** A longer text (in UTF-16 code units) is not read for its structure: only the syntax of its expressions is checked. */
export const maxStructureLength = 4 * 1024 * 1024;

/**
 * Total: any text gives an answer. `uri` gives the path scope and becomes the origin of entities. `readings`, of the
 * versions of one document, make the answer quicker and never another one.
 */
export function analyze(uri: string, text: string, readings?: Readings): Analysis {
  if (text.length > maxStructureLength) return analyzeAsText(uri, text);
  const scan = scanYaml(text);
  const documents = scan.documents.map((document) => recognise(text, document));
  const isHarness = documents.some((document) => document.isHarness);
  const path = pathScope(uri);
  const reader = new FileReader(text, scan, documents, isHarness, readings);
  if (isHarness || holdsMarker(text)) reader.readExpressions();
  readings?.endVersion();
  const entities: Entity[] = [];
  const slots: PlainSlot[] = [];
  documents.forEach((document, index) => {
    if (!document.isHarness) return;
    const scope = documentScope(document, path, {});
    const plain = readPlainReferences(text, document, index, scope);
    append(reader.references, plain.references);
    append(reader.findings, plain.findings);
    append(slots, plain.slots);
    const read = readEntity(text, uri, document, scope);
    if (read.entity !== undefined) entities.push(read.entity);
    append(reader.findings, read.findings);
  });
  return {
    uri,
    text,
    isHarness,
    tooLarge: false,
    documents: documents.map(({ entity: _entity, isHarness: _isHarness, isV1: _isV1, ...document }) => document),
    pathScope: path,
    references: sortedBySpan(reader.references),
    findings: sortedBySpan(reader.findings),
    entities,
    slots,
    expressionTexts: reader.expressionTexts.sort((a, b) => a.span.start - b.span.start),
  };
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
    const result = readExpressions(rawText(text, 0, text.length), { document: 0, variable: () => undefined });
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
    slots: [],
    expressionTexts: holdsMarker(text) ? [{ span: { start: 0, end: text.length }, quoting: "none" }] : [],
  };
}

interface VariableReading extends Reading {
  /** True where the reading depends on the file's variables too, which other parts of the text give. */
  readonly asksVariables: boolean;
}

class FileReader {
  readonly references: Reference[] = [];
  readonly findings: Finding[] = [];
  readonly expressionTexts: ExpressionText[] = [];
  readonly #text: string;
  readonly #scan: YamlScan;
  readonly #documents: readonly RecognisedDocument[];
  readonly #isHarness: boolean;
  readonly #variables: VariableLookup;
  readonly #expressions: NextPlace;
  readonly #dialects: NextPlace;
  readonly #readings: Readings | undefined;
  #document = 0;

  constructor(text: string, scan: YamlScan, documents: readonly RecognisedDocument[], isHarness: boolean, readings: Readings | undefined) {
    this.#text = text;
    this.#scan = scan;
    this.#documents = documents;
    this.#isHarness = isHarness;
    this.#variables = variableLookup(text, documents);
    this.#expressions = new NextPlace(text, "<+");
    this.#dialects = new NextPlace(text, dialectMark);
    this.#readings = readings;
  }

  /** Every scalar, then (outside Harness's own files) every comment. */
  readExpressions(): void {
    for (const scalar of this.#scan.scalars) {
      const quoting = scalar.broken !== true && (scalar.style === "single" || scalar.style === "double") ? scalar.style : "none";
      if (this.#mayMatter(scalar, quoting)) this.#read(scalar, scalar.broken === true ? `broken ${scalar.style}` : scalar.style, (place) => this.#scalarReading(scalar, place));
    }
    if (this.#isHarness) return;
    this.#document = 0;
    for (const comment of this.#scan.comments) {
      if (this.#mayMatter(comment, "none")) this.#read(comment, "comment", (place) => this.#textReading(rawText(this.#text, comment.start, comment.end), () => true, place));
    }
  }

  #mayMatter({ start, end }: Span, quoting: ExpressionText["quoting"]): boolean {
    const holdsExpression = this.#expressions.after(start) < end - 1;
    if (holdsExpression) this.expressionTexts.push({ span: { start, end }, quoting });
    return end - start >= 8 && (holdsExpression || this.#dialects.after(start) < end);
  }

  /** `kind` is all besides its own text, its document's format and variables that a reading depends on. */
  #read({ start, end }: Span, kind: string, read: (place: Place) => VariableReading): void {
    while (this.#document + 1 < this.#scan.documents.length && (this.#scan.documents[this.#document]?.end ?? 0) <= start) this.#document++;
    const place = { start, document: this.#document };
    if (this.#readings === undefined) {
      this.#add(read(place));
      return;
    }
    const { isHarness, isV1 } = this.#format(place);
    const key = `${kind} ${String(isHarness)} ${String(isV1)} ${this.#text.slice(start, end)}`;
    const known = this.#readings.find(key, place);
    if (known !== undefined) {
      this.#add(known);
      return;
    }
    const { asksVariables, ...reading } = read(place);
    this.#add(reading);
    if (!asksVariables) this.#readings.keep(key, place, reading);
  }

  #add({ references, findings }: Reading): void {
    append(this.references, references);
    append(this.findings, findings);
  }

  #format({ document }: Place): { readonly isHarness: boolean; readonly isV1: boolean } {
    const owner = this.#documents[document];
    return { isHarness: owner?.isHarness ?? false, isV1: owner?.isV1 ?? false };
  }

  #scalarReading(scalar: Scalar, place: Place): VariableReading {
    const source = scalarText(this.#text, scalar);
    const isComment = scalar.style === "block" ? scriptComments(source.text) : (): boolean => false;
    const reading = this.#textReading(source, isComment, place);
    return scalar.broken === true ? { ...reading, findings: this.#brokenQuotes(scalar, reading.findings) } : reading;
  }

  #textReading(source: ScalarText, isComment: (index: number) => boolean, place: Place): VariableReading {
    let asksVariables = false;
    const variable = (name: string): string | undefined => {
      asksVariables = true;
      return this.#variables(name, place.start);
    };
    const { references, findings, secretSpans } = readExpressions(source, { document: place.document, variable });
    for (const span of secretSpans) {
      const index = span.start - place.start;
      if (source.text.startsWith("<+", index) && isComment(index)) findings.push(commentFinding(span));
    }
    append(findings, readDialects(source, { ...this.#format(place), secretSpans }));
    return { references, findings, asksVariables };
  }

  /** Inner quotes have ended a quoted scalar. Reported once, in place of what follows from it. */
  #brokenQuotes(scalar: Scalar, findings: readonly Finding[]): readonly Finding[] {
    const content = this.#text.slice(scalar.start, scalar.end);
    if (!/<\+[^\n]{0,1000}secrets?\s{0,20}\./i.test(content.slice(0, 4000))) return findings;
    const kept = findings.filter((finding) => finding.rule !== "unterminated" && finding.rule !== "escaped-quote-outside-dq");
    const quote = scalar.style === "double" ? '"' : "'";
    const first = content.indexOf(quote);
    const last = content.lastIndexOf(quote);
    const span: Span = { start: scalar.start + first, end: scalar.start + Math.max(last, first) + 1 };
    const inner = { start: scalar.start, end: scalar.end };
    const outer = { start: scalar.start - 1, end: scalar.end + 1 };
    if (scalar.style === "double") {
      const fix = content.includes("'") || content.includes("\\")
        ? replaceFix("Escape the inner quotes", inner, content.replace(/\\?"/g, '\\"'))
        : replaceFix("Put the value in single quotes", outer, `'${content}'`);
      return [...kept, newFinding("yaml-quoting", span, "The inner double quote ends the YAML value. Put the value in single quotes, or write \\\" inside", { fixes: [fix] })];
    }
    const fix = content.includes('"') || content.includes("\\")
      ? replaceFix("Double the inner quotes", inner, content.replace(/''?/g, "''"))
      : replaceFix("Put the value in double quotes", outer, `"${content}"`);
    return [...kept, newFinding("yaml-quoting", span, "The inner single quote ends the YAML value. Put the value in double quotes, or write '' inside", { fixes: [fix] })];
  }
}

function commentFinding(span: Span): Finding {
  return newFinding("expression-in-comment", span, "Harness evaluates expressions in comments too. Remove it if it is not needed");
}

function sortedBySpan<T extends { readonly span: Span }>(items: T[]): readonly T[] {
  return items.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** The YAML of an input set that a trigger keeps as text in `inputYaml`. It is read as the YAML that it becomes, comments and quotes too. */
import { append } from "../model/append.ts";
import type { Finding } from "../model/finding.ts";
import { movedFinding, movedReference, movedSlot, movedSpan } from "../model/moved.ts";
import type { Reference } from "../model/reference.ts";
import type { ExpressionText, PlainSlot } from "../model/snapshot.ts";
import { FieldRoles } from "./fieldRoles.ts";
import { readPlainReferences } from "./plainReferences.ts";
import type { TextPlace } from "./readScalar.ts";
import type { RecognisedDocument } from "./recognise.ts";
import { scalarText } from "./scalarText.ts";
import { TextReader } from "./textReader.ts";
import type { Scalar } from "./yamlNode.ts";
import { childOf } from "./yamlNode.ts";
import { scanYaml } from "./yamlScan.ts";

export interface InputYamlReading {
  readonly references: readonly Reference[];
  readonly findings: readonly Finding[];
  readonly slots: readonly PlainSlot[];
  readonly expressionTexts: readonly ExpressionText[];
}

const none: ReadonlySet<Scalar> = new Set();

/** The text of a trigger's input set, where its style keeps the lines; undefined in any other document. */
export function inputYamlOf(text: string, document: RecognisedDocument): Scalar | undefined {
  if (document.kind !== "trigger" || !document.isHarness) return undefined;
  const scalar = childOf(text, document.entity, "inputYaml")?.scalar;
  return scalar !== undefined && scalar.broken !== true && (scalar.style === "block" || scalar.style === "double") ? scalar : undefined;
}

export function readInputYaml(text: string, scalar: Scalar, trigger: RecognisedDocument, place: TextPlace): InputYamlReading {
  const source = scalarText(text, scalar);
  const move = (offset: number): number => source.offset(offset);
  const scan = scanYaml(source.text);
  const { variables, roles } = place;
  const inner: TextPlace = {
    ...place,
    variables: { value: (name, offset) => variables.value(name, move(offset)), isSecret: (name, offset) => variables.isSecret(name, move(offset)) },
    roles: new FieldRoles(source.text, scan, scan.documents.map(() => trigger), roles),
  };
  const reader = new TextReader(source.text, scan, scan.documents.map(() => inner));
  reader.readScalars(none);
  const slots: PlainSlot[] = [];
  for (const { root } of scan.documents) {
    const plain = readPlainReferences(source.text, { ...trigger, kind: "inputSet", entity: root }, place.document);
    append(reader.references, plain.references);
    append(reader.findings, plain.findings);
    append(slots, plain.slots);
  }
  const references = reader.references.map((reference) => movedReference(reference, move));
  const findings = reader.findings.map((finding) => movedFinding(finding, move));
  if (scalar.style === "block") {
    return { references, findings, slots: slots.map((slot) => movedSlot(slot, move)), expressionTexts: reader.expressionTexts.map((each) => ({ ...each, span: movedSpan(each.span, move) })) };
  }
  // What is written into a text inside quotes would need the escapes of both.
  const { start, end } = scalar;
  return { references, findings: findings.map((finding) => ({ ...finding, fixes: [] })), slots: [], expressionTexts: reader.expressionTexts.length === 0 ? [] : [{ span: { start, end }, quoting: "double" }] };
}

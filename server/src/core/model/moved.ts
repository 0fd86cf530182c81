/** What was read in one text, as it stands in another one that holds that text. */
import type { Finding } from "./finding.ts";
import type { Part, Reference } from "./reference.ts";
import type { PlainSlot } from "./snapshot.ts";
import type { Span } from "./span.ts";

/** Where an offset of the one text stands in the other. */
export type Move = (offset: number) => number;

export function movedSpan({ start, end }: Span, to: Move): Span {
  return { start: to(start), end: to(end) };
}

export function movedReference(reference: Reference, to: Move): Reference {
  const { scopePrefix, identifier, uri, shellVariable } = reference;
  return {
    ...reference,
    span: movedSpan(reference.span, to),
    argument: movedPart(reference.argument, to),
    ...(scopePrefix === undefined ? {} : { scopePrefix: movedPart(scopePrefix, to) }),
    ...(identifier === undefined ? {} : { identifier: movedPart(identifier, to) }),
    ...(uri === undefined ? {} : { uri: movedUri(uri, to) }),
    ...(shellVariable === undefined ? {} : { shellVariable: movedPart(shellVariable, to) }),
  };
}

export function movedFinding(finding: Finding, to: Move): Finding {
  const fixes = finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: movedSpan(edit.span, to) })) }));
  return { ...finding, span: movedSpan(finding.span, to), fixes };
}

export function movedSlot(slot: PlainSlot, to: Move): PlainSlot {
  return { ...slot, span: movedSpan(slot.span, to), content: movedSpan(slot.content, to) };
}

function movedPart(part: Part, to: Move): Part {
  return { text: part.text, span: movedSpan(part.span, to) };
}

function movedUri(uri: NonNullable<Reference["uri"]>, to: Move): NonNullable<Reference["uri"]> {
  const { vaultPath } = uri;
  const path = { scheme: movedPart(uri.scheme, to), connector: movedPart(uri.connector, to), path: movedPart(uri.path, to) };
  if (vaultPath === undefined) return path;
  const { name, key, version } = vaultPath;
  return {
    ...path,
    vaultPath: {
      name: movedPart(name, to),
      ...(key === undefined ? {} : { key: movedPart(key, to) }),
      ...(version === undefined ? {} : { version: movedPart(version, to) }),
    },
  };
}

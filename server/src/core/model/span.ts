/** A half-open range of a document's text. Units: UTF-16 code units from the start of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function spanContains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

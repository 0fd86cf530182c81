/** The part of `from` that differs, and what stands there in `to`: so that cursors, folds and markers beside it stay. */
export function changedSpan(from: string, to: string): { readonly start: number; readonly end: number; readonly replacement: string } {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start += 1;
  let behind = 0;
  while (behind < shorter - start && from.charCodeAt(from.length - 1 - behind) === to.charCodeAt(to.length - 1 - behind)) behind += 1;
  if (isWithin(from, start)) start -= 1;
  if (isWithin(from, from.length - behind)) behind -= 1;
  return { start, end: from.length - behind, replacement: to.slice(start, to.length - behind) };
}

/** Editors know no position between the halves of a line end or of a character. */
function isWithin(text: string, at: number): boolean {
  return /^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/.test(text.slice(Math.max(at - 1, 0), at + 1));
}

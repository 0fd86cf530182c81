/**
 * Whether a file's bytes can hold a reference to a secret: an expression, a word that tells of secrets, or a field that
 * makes the file one of Harness's. Bytes with a zero among them are no UTF-8 text, and cannot be searched.
 * Costs a search of bytes, so that most files of a workspace are never decoded.
 * Invariant: never false for a file in which the core finds a reference that it can follow.
 */
export function mayHoldReferences(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return marks.some((mark) => buffer.includes(mark));
}

/** "dentifier" stands in identifier, orgIdentifier and projectIdentifier; a store of type Harness makes a file the specification of an override. */
const marks: readonly (string | number)[] = ["<+", "ecret", "dentifier", "versionLabel", "Harness", 0];

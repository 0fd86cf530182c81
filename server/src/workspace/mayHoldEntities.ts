/**
 * Whether a file's bytes can hold a Harness connector or secret: a key `connector` or `secret`, quoted or not. Bytes
 * with a zero among them are no UTF-8 text, and cannot be searched: what they say in UTF-16 may be anything.
 * Costs a search of bytes, so that most files of a workspace are never decoded.
 * Invariant: never false for a file in which the core finds an entity.
 */
export function mayHoldEntities(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return holdsKey(buffer, "connector") || holdsKey(buffer, "secret") || buffer.includes(0);
}

function holdsKey(buffer: Buffer, word: string): boolean {
  for (let at = buffer.indexOf(word); at >= 0; at = buffer.indexOf(word, at + word.length)) {
    let next = at + word.length;
    if (buffer[next] === doubleQuote || buffer[next] === singleQuote) next += 1;
    while (buffer[next] === space || buffer[next] === tab || buffer[next] === carriageReturn) next += 1;
    if (buffer[next] === colon && !isWordByte(buffer[at - 1])) return true;
  }
  return false;
}

const tab = 9;
const carriageReturn = 13;
const space = 32;
const doubleQuote = 34;
const singleQuote = 39;
const colon = 58;

function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95 || byte === 45 || byte === 46;
}

/** Zero-based, as in the Language Server Protocol. Characters are UTF-16 code units unless a client has asked for bytes. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

export interface TextRange {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

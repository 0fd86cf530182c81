import type { ProtocolRange } from "../../../server/src/protocol/messages.ts";

/** The text of a file as it is now, in the editor where it is open, else on disk. */
export interface CurrentText {
  readonly text: string;
  offsetAt(position: ProtocolRange["start"]): number;
  /** One edit that can be undone, of the text that was read. False where it was not made. */
  replace(start: number, end: number, replacement: string): Promise<boolean>;
  /** Deletes the file. False where that was not done. */
  deleteFile(): Promise<boolean>;
  /** Makes the file anew with that text. False where it is there again, or was not made. */
  restoreFile(): Promise<boolean>;
}

/** The files of the workspace, as far as commands about connectors need them. Works on URIs of any scheme. */
export interface ConnectorFiles {
  /** Opens the file with that range selected. False where it cannot be opened. */
  show(uri: string, range: ProtocolRange): Promise<boolean>;
  /** Undefined where the file cannot be read. */
  read(uri: string): Promise<CurrentText | undefined>;
}

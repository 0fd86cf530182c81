import type { ProtocolRange } from "../../../server/src/protocol/messages.ts";

/** A selection, or a cursor where `start` is `end`, in a YAML text as it was when it was asked for. */
export interface EditorPlace {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  /** Offsets in `text`. */
  readonly start: number;
  readonly end: number;
  readonly range: ProtocolRange;
  rangeOf(start: number, end: number): ProtocolRange;
}

/** The editor that the person works in. */
export interface YamlEditor {
  /** Undefined where it shows no YAML. */
  place(): EditorPlace | undefined;
  /** One edit that can be undone. False, and nothing changed, where the text is not the place's any more, or VS Code refused. */
  replace(place: EditorPlace, range: ProtocolRange, text: string): Promise<boolean>;
  /** Shows the place's file again, where that can be done. */
  show(place: EditorPlace): Promise<void>;
}

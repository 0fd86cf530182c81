export interface Revealed {
  readonly title: string;
  readonly prompt: string;
  /** One line. Shown as it is, and nowhere else. */
  readonly text: string;
}

export interface OpenRevealBox {
  hide(): void;
  /** `copy` where the person asked for the clipboard instead. The box is closed then. */
  readonly closed: Promise<"copy" | "hidden">;
}

/** A quick input that shows one text: never an editor, a document or a notification. It goes when the person looks elsewhere. */
export interface RevealBox {
  show(revealed: Revealed): OpenRevealBox;
}

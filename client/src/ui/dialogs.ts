/** One line of a list to choose from. */
export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

/** All that commands show to a person. The commands know no more of VS Code than this. */
export interface Dialogs {
  /** A modal question. True only where the person chose `button`; Esc and Enter on anything else say no. */
  confirm(message: string, detail: string, button: string): Promise<boolean>;
  /** A list. Undefined where the person left it. */
  pick<T>(title: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
  /** A notification that asks for nothing. */
  tell(message: string): void;
}

/** One line of a list to choose from. */
export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

/** A line whose description is replaced by what `later` brings. */
export interface LiveChoice<T> extends Choice<T> {
  /** Never rejects. */
  readonly later?: Promise<string>;
}

/** A box for one line of text. */
export interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** True for a credential: what is typed is not shown. */
  readonly password?: boolean;
  /** What is wrong with the text, judged at each keystroke; undefined where nothing is. */
  readonly problem?: (text: string) => string | undefined;
}

/** All that commands show to a person. The commands know no more of VS Code than this. */
export interface Dialogs {
  /** A modal question. True only where the person chose `button`; Esc and Enter on anything else say no. */
  confirm(message: string, detail: string, button: string): Promise<boolean>;
  /** A modal question with several answers beside Cancel. Enter presses the first, so what destroys something is never that. Undefined for Cancel and Esc. */
  decide<T extends string>(message: string, detail: string, buttons: readonly T[]): Promise<T | undefined>;
  /** A list. Undefined where the person left it. */
  pick<T>(title: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
  /** A list that shows at once and fills in as answers come. */
  pickLive<T>(title: string, choices: readonly LiveChoice<T>[]): Promise<T | undefined>;
  /** A list to choose several of. Undefined where the person left it. */
  pickMany<T>(title: string, choices: readonly Choice<T>[]): Promise<readonly T[] | undefined>;
  /** The path of a file on the machine that extensions run on; `filters` as name and extensions. */
  file(title: string, filters: Readonly<Record<string, readonly string[]>>): Promise<string | undefined>;
  /** The text, or undefined where the person left the box. */
  input(question: Question): Promise<string | undefined>;
  /** Shows that something runs, once it has taken a while, and lets the person cancel it: `signal` then fires. */
  progress<T>(title: string, work: (report: (message: string) => void, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Shows beside other work that something goes on. It asks for nothing and cannot be cancelled. */
  background<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** A notification that asks for nothing. */
  tell(message: string): void;
  /** A notification with buttons. The label of the one chosen, or undefined. */
  offer(message: string, buttons: readonly string[]): Promise<string | undefined>;
  /** Puts text on the clipboard: names and commands, never a value. */
  copy(text: string): Promise<void>;
  /** Opens an https address in the person's browser. */
  open(url: string): Promise<void>;
}

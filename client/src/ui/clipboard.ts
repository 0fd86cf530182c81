/** The clipboard of the person's own machine. */
export interface Clipboard {
  /** Rejects where it may not be read. */
  read(): PromiseLike<string>;
  write(text: string): PromiseLike<void>;
  /** Where VS Code's window is: a browser's clipboard can refuse; from a remote machine a text travels to the person's own. */
  place(): "local" | "remote" | "browser";
}

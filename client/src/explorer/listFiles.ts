/** Where lists go. */
export interface ListFiles {
  /** A save dialog, which asks before a file that is there is replaced. */
  pick(title: string, name: string, kind: "csv" | "md"): Promise<string | undefined>;
  /** False where the file was not written. */
  write(uri: string, text: string): Promise<boolean>;
  /** Opens the text as an untitled Markdown document. */
  showMarkdown(text: string): Promise<void>;
}

/** What stands at a URI now, in the editor where it is open. What cannot be read is not taken for absent. */
export type FileState = { readonly kind: "text"; readonly text: string } | { readonly kind: "absent" } | { readonly kind: "unreadable" };

/** A file's text before and after a change. */
export interface Rewrite {
  readonly uri: string;
  readonly from: string;
  readonly to: string;
}

/** The files of the workspace, as far as the wizards need them. URIs of any scheme. */
export interface WorkspaceFiles {
  folders(): readonly { readonly uri: string; readonly name: string }[];
  join(folder: string, relativePath: string): string;
  read(uri: string): Promise<FileState>;
  /** Makes the file, with its folders. False where it is there, or was not made. */
  create(uri: string, text: string): Promise<boolean>;
  /** Changes all files in one edit that can be undone, and saves none. False, and nothing changed, where one does not hold `from` any more. */
  rewrite(files: readonly Rewrite[]): Promise<boolean>;
  /** Saves the file. False where that was not done. */
  save(uri: string): Promise<boolean>;
  /** Opens the file, where that can be done. */
  show(uri: string): Promise<void>;
  /** A save dialog of that title. */
  pickNew(title: string, suggested: string | undefined): Promise<string | undefined>;
}

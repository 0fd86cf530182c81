/** The files of the workspace, as far as the wizard needs them. URIs of any scheme. */
export interface WorkspaceFiles {
  folders(): readonly { readonly uri: string; readonly name: string }[];
  join(folder: string, relativePath: string): string;
  /** The text as it is now, in the editor where it is open; undefined where there is no such file. */
  read(uri: string): Promise<string | undefined>;
  /** Writes the whole file, with its folders, and saves it. False where that was not done. */
  write(uri: string, text: string): Promise<boolean>;
  /** Opens the file. */
  show(uri: string): Promise<void>;
  /** A save dialog. */
  pickNew(suggested: string | undefined): Promise<string | undefined>;
}

import type { Span } from "./model/span.ts";
import type { KeylineConfig } from "./model/workspaceModel.ts";
import { emptyConfig } from "./model/workspaceModel.ts";

/** Something wrong in keyline.jsonc. What is right in the rest of the file still counts. */
export interface ConfigProblem {
  readonly span: Span;
  readonly message: string;
}

/** Reads the text of a keyline.jsonc. `uri` becomes the origin of its entities. */
export function readConfig(_uri: string, _text: string): { readonly config: KeylineConfig; readonly problems: readonly ConfigProblem[] } {
  return { config: emptyConfig, problems: [] };
}

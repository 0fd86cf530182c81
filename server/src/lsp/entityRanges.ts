import type { Entity } from "../core/index.ts";
import type { TextRange } from "../core/model/textRange.ts";
import type { Locate } from "../workspace/fileUses.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";

const noRange: TextRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Where each entity's identifier stands: an entity of a YAML file carries its place; the text of keyline.jsonc is at hand. */
export function entityRanges(folder: WorkspaceFolder, locator: (text: string) => Locate): (entity: Pick<Entity, "origin">) => TextRange {
  let inConfig: Locate | undefined;
  return ({ origin }) => {
    if (origin.identifierRange !== undefined) return origin.identifierRange;
    const { uri, text } = folder.config();
    if (origin.uri !== uri || text === undefined) return noRange;
    inConfig ??= locator(text);
    return inConfig(origin.identifierSpan);
  };
}

import type { SecretEntityRow } from "../protocol/messages.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";

/** The `secret:` entities of the folders, from what is kept of their files. */
export function secretEntityRows(folders: readonly WorkspaceFolder[]): readonly SecretEntityRow[] {
  return folders.flatMap((folder) =>
    folder.model().entities.flatMap((entity): readonly SecretEntityRow[] => {
      if (entity.kind !== "secret") return [];
      const { scope, identifier, name, type, origin } = entity;
      return [{ folder: folder.uri, uri: origin.uri, scope, identifier, ...(name === undefined ? {} : { name }), type }];
    }),
  );
}

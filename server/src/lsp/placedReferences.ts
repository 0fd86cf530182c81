import type { WorkspaceModel } from "../core/index.ts";
import type { FileScope } from "../core/model/scope.ts";
import type { PlacedUse } from "../workspace/fileUses.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";

/** A reference of a folder's files, with the scope that it is read in. */
export interface PlacedReference {
  readonly uri: string;
  readonly use: PlacedUse;
  readonly from: FileScope;
}

/** All that is kept of the folder's references, file by file. */
export function* placedReferences(folder: WorkspaceFolder, model: WorkspaceModel): Generator<PlacedReference, void> {
  for (const file of folder.uses().files()) {
    const scopes: FileScope[] = file.documents.map((document) => model.documentScope(file.uri, document, file.path));
    for (const use of file.references) yield { uri: file.uri, use, from: scopes[use.document] ?? { level: "unknown", reason: "unknown-scope" } };
  }
}

import { usesLines } from "../connectors/usesLines.ts";
import type { SecretUses } from "./secretSource.ts";

/** What of the workspace breaks without the secret, or without one version of it, for a modal. */
export function breakageLines({ references, entities, complete }: SecretUses): readonly string[] {
  const listed = [...usesLines("secret", "of Harness kept in it", entities), ...usesLines("reference", "", references)];
  return [...(listed.length === 0 ? ["No file of this workspace refers to it."] : listed), ...(complete ? [] : ["Not all files of the workspace are read, so there may be more."]), unseen];
}

const unseen = "References that a pipeline puts together when it runs, and what Harness alone holds, cannot be seen from here.";

/** The uses that read the version: those that name it, and those that name none where it is the latest. */
export function usesOfVersion({ references, entities, complete }: SecretUses, version: string, isLatest: boolean): SecretUses {
  const reads = (use: { readonly version?: string }): boolean => (use.version === undefined ? isLatest : use.version.toLowerCase() === version.toLowerCase());
  return { references: references.filter(reads), entities: entities.filter(reads), complete };
}

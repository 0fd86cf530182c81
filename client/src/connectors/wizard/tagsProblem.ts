import { draftTags } from "./connectorDraft.ts";

/** What is wrong with tags as `draftTags` reads them. */
export function tagsProblem(text: string): string | undefined {
  const tags = draftTags(text);
  if (tags.some(([key]) => key === "")) return "A tag has a key: write key:value or key.";
  return tags.some(([key, value]) => key.length > 128 || value.length > 128) ? "A tag's key and value have at most 128 characters." : undefined;
}

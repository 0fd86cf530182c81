import { draftTags } from "../connectors/wizard/connectorDraft.ts";

type Tags = readonly (readonly [string, string])[];

/** The tag that names the run that wrote a version. */
export const runTag = "keyline-run";
/** Key Vault's 15, less the one that names the run. */
const maxTags = 14;
const maxLength = 256;

/** `key:value, key` as pairs. */
export function readTags(text: string): Tags {
  return draftTags(text);
}

export function tagsText(tags: Tags): string {
  return tags.map(([key, value]) => (value === "" ? key : `${key}:${value}`)).join(", ");
}

/** Whether the tags can be typed: a comma or colon within one cannot. */
export function canBeTyped(tags: Tags): boolean {
  return JSON.stringify(readTags(tagsText(tags))) === JSON.stringify(tags);
}

export function withoutRun(tags: Tags | undefined): Tags {
  return (tags ?? []).filter(([key]) => key !== runTag);
}

export function tagsProblem(text: string): string | undefined {
  const tags = readTags(text);
  const keys = tags.map(([key]) => key);
  if (keys.includes("")) return "A tag has a name: write name:value or name.";
  if (keys.includes(runTag)) return `Keyline writes the tag ${runTag} itself. Choose another name.`;
  if (new Set(keys).size < keys.length) return "Two tags have the same name. Leave one out.";
  if (tags.length > maxTags) return `At most ${String(maxTags)} tags: Key Vault takes 15, and Keyline writes one of its own.`;
  return tags.some(([key, value]) => key.length > maxLength || value.length > maxLength) ? `A tag's name and value have at most ${String(maxLength)} characters.` : undefined;
}

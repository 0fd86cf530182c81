import type { SecretAttributes, SecretVersion } from "../model/facts.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { dateWords, durationWords } from "../model/timeWords.ts";

/** In a few words whether a version can be used, and how old it is. */
export function stateWords({ now }: Snapshot, version: SecretAttributes | SecretVersion): string {
  const made = version.created === undefined ? "" : `, ${durationWords(Math.max(0, now - version.created))} old`;
  if (!version.enabled) return `disabled${made}`;
  if (version.expires !== undefined && version.expires <= now) return `expired ${dateWords(version.expires)}${made}`;
  if (version.notBefore !== undefined && version.notBefore > now) return `valid from ${dateWords(version.notBefore)}${made}`;
  if (version.expires !== undefined) return `expires ${dateWords(version.expires)}${made}`;
  return `enabled${made}`;
}

import type { SecretAttributes, SecretVersion, VersionAttributes } from "../../../server/src/core/model/facts.ts";
import { isPurgeProtectedLevel } from "../../../server/src/core/model/facts.ts";
import { shownText } from "../../../server/src/core/model/shownText.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import type { SecretState } from "../secrets/secretState.ts";
import { relativeTime } from "../ui/timeWords.ts";

const maxTags = 15;

export function secretTooltip(secret: SecretAttributes, state: SecretState, used: string, now: number): string {
  const { recoveryLevel } = secret;
  return [
    secret.name,
    `${state.words}, ${used}`,
    "",
    ...attributeLines(secret, now),
    ...(recoveryLevel === undefined ? [] : [`Recovery level: ${shownText(recoveryLevel)}${isPurgeProtectedLevel(recoveryLevel) ? " (purge protection)" : ""}`]),
  ].join("\n");
}

export function versionTooltip(version: SecretVersion, state: SecretState, now: number): string {
  return [`Version ${version.version}`, state.words, "", ...attributeLines(version, now)].join("\n");
}

function attributeLines({ created, updated, notBefore, expires, contentType, tags = [] }: VersionAttributes, now: number): readonly string[] {
  const line = (label: string, at: number | undefined): readonly string[] => (at === undefined ? [] : [`${label}: ${dateWords(at)} (${relativeTime(at - now)})`]);
  return [
    ...line("Created", created),
    ...line("Updated", updated),
    ...line("Valid from", notBefore),
    ...line("Expires", expires),
    ...(contentType === undefined ? [] : [`Content type: ${shownText(contentType, 100)}`]),
    ...tags.slice(0, maxTags).map(([tag, value]) => `Tag: ${shownText(tag)}${value === "" ? "" : `: ${shownText(value)}`}`),
  ];
}

import type { SecretAttributes, SecretVersion } from "../../../server/src/core/model/facts.ts";
import { isPurgeProtectedLevel } from "../../../server/src/core/model/facts.ts";
import { shownText } from "../../../server/src/core/model/shownText.ts";
import { dateText, relativeTime } from "./relativeTime.ts";
import type { SecretState } from "./secretState.ts";

const maxTags = 15;

export function secretTooltip(secret: SecretAttributes, state: SecretState, used: string, now: number): string {
  const { name, contentType, tags = [], recoveryLevel } = secret;
  return [
    name,
    `${state.words}, ${used}`,
    "",
    ...dateLines(secret, now),
    ...(contentType === undefined ? [] : [`Content type: ${shownText(contentType, 100)}`]),
    ...tags.slice(0, maxTags).map(([tag, value]) => `Tag: ${shownText(tag)}${value === "" ? "" : `: ${shownText(value)}`}`),
    ...(recoveryLevel === undefined ? [] : [`Recovery level: ${shownText(recoveryLevel)}${isPurgeProtectedLevel(recoveryLevel) ? " (purge protection)" : ""}`]),
  ].join("\n");
}

export function versionTooltip(version: SecretVersion, state: SecretState, now: number): string {
  return [`Version ${version.version}`, state.words, "", ...dateLines(version, now)].join("\n");
}

function dateLines({ created, updated, notBefore, expires }: SecretAttributes | SecretVersion, now: number): readonly string[] {
  const line = (label: string, at: number | undefined): readonly string[] => (at === undefined ? [] : [`${label}: ${dateText(at)} (${relativeTime(at - now)})`]);
  return [...line("Created", created), ...line("Updated", updated), ...line("Valid from", notBefore), ...line("Expires", expires)];
}

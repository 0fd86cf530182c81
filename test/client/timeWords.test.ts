import { expect, test } from "vitest";
import { dateHelp, readDate } from "../../client/src/secrets/typedDate.ts";
import { lastingState, secretState, stateLine } from "../../client/src/secrets/secretState.ts";
import { momentWords, relativeTime, utcWords } from "../../client/src/ui/timeWords.ts";
import { dateWords } from "../../server/src/core/model/timeWords.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 24, 12);

test.each([
  [0, "just now"],
  [-30_000, "just now"],
  [30_000, "in less than a minute"],
  [-60_000, "1 minute ago"],
  [-59 * 60_000, "59 minutes ago"],
  [-3 * 3_600_000, "3 hours ago"],
  [-26 * 3_600_000, "1 day ago"],
  [dayMs, "in 1 day"],
  [13 * dayMs, "in 13 days"],
  [22 * dayMs, "in 3 weeks"],
  [70 * dayMs, "in 2 months"],
  [800 * dayMs, "in 2 years"],
])("%d ms are %s", (ms, words) => {
  expect(relativeTime(ms)).toBe(words);
});

test.each(["2027-01-31", "2027-01-31 18:05", "2027-01-31 00:00:09"])("%s is written as it is read", (text) => {
  expect(momentWords(readDate(text, now) ?? Number.NaN)).toBe(text);
});

test("the help for dates shows what can be read", () => {
  const texts = dateHelp.replace(" (UTC)", "").split(/, (?:or )?/);
  expect(texts).toHaveLength(3);
  for (const text of texts) expect(readDate(text, now)).toBeDefined();
});

test("a date that is none has words too", () => {
  expect([dateWords(Number.MAX_VALUE), momentWords(Number.NaN), utcWords(undefined), utcWords(now)]).toEqual(["an unknown date", "an unknown date", "no date", "2026-11-24 12:00 UTC"]);
});

test.each([
  [{ enabled: false, expires: now - dayMs }, "disabled", "disabled", "disabled · expires 2026-11-23"],
  [{ enabled: true, expires: now - 2 * dayMs, notBefore: now + dayMs }, "expired", "expired 2 days ago", "expired · valid from 2026-11-25 · expires 2026-11-22"],
  [{ enabled: true, created: now, notBefore: now + 2 * dayMs }, "not valid yet", "valid in 2 days", "not valid yet · created 2026-11-24 · valid from 2026-11-26"],
  [{ enabled: true, expires: now + 5 * dayMs }, "enabled", "expires in 5 days", "enabled · expires 2026-11-29"],
  [{ enabled: true, managed: true, expires: now + 31 * dayMs }, "enabled", "managed by a certificate", "enabled · expires 2026-12-25"],
])("a state has the same words everywhere (%#)", (version, lasting, words, line) => {
  expect([lastingState(version, now), secretState(version, now, 30).words, stateLine(version, now)]).toEqual([lasting, words, line]);
});

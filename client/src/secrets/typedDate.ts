/** Dates as people type them. `momentWords` writes what is read here. Key Vault keeps whole seconds; without a zone everything is UTC. */

const dayMs = 86_400_000;
const datePattern = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?Z?$/;
const daysPattern = /^(?:in )?(\d{1,5}) days?$/i;

/** How a date is typed, for a prompt. */
export const dateHelp = "2027-01-31, 2027-01-31 18:00 (UTC), or in 90 days";

/** Epoch milliseconds; undefined where the text is no date that exists. */
export function readDate(text: string, now: number): number | undefined {
  const days = daysPattern.exec(text.trim())?.[1];
  if (days !== undefined) return Math.floor(now / 1000) * 1000 + Number(days) * dayMs;
  const match = datePattern.exec(text.trim());
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? time : undefined;
}

import { counted } from "./counted.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago something was: "just now", "5 minutes ago", "2 days ago". */
export function ageWords(ageMs: number): string {
  if (ageMs < minuteMs) return "just now";
  if (ageMs < hourMs) return `${counted(Math.floor(ageMs / minuteMs), "minute")} ago`;
  if (ageMs < dayMs) return `${counted(Math.floor(ageMs / hourMs), "hour")} ago`;
  return `${counted(Math.floor(ageMs / dayMs), "day")} ago`;
}

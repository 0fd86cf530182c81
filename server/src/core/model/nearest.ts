/** How many candidates a person is offered. */
export const maxNearest = 3;

/** The candidate closest to `text` within a third of its length (at least 1, at most 3 edits), or undefined. Letters' case counts half an edit. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  return nearestFew(text, candidates, 1)[0];
}

/** The closest candidates, best first. */
export function nearestFew(text: string, candidates: Iterable<string>, count: number): readonly string[] {
  return closest(text, candidates, count, () => true);
}

/**
 * The same for names that people give to secrets and connectors. One that has other digits, or names another environment, is
 * never meant: in systematic names it is somebody else's secret.
 */
export function nearestNames(text: string, candidates: Iterable<string>, count: number): readonly string[] {
  const own = systematicPart(text);
  return closest(text, candidates, count, (candidate) => systematicPart(candidate) === own);
}

const environments: ReadonlySet<string> = new Set(
  ["dev", "develop", "development", "test", "tst", "testing", "qa", "uat", "int", "integration", "sit", "ci", "stage", "staging", "stg", "pre", "preprod", "nonprod", "prod", "production", "prd", "live", "demo", "sandbox", "sbx", "perf", "load", "dr", "canary", "blue", "green"],
);

/** The digits and the environments in a name, in their order: what tells one of a series from the others. */
function systematicPart(name: string): string {
  const words = name.slice(0, 300).replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().match(/[a-z]+|[0-9]+/g) ?? [];
  return words.filter((word) => /^[0-9]/.test(word) || environments.has(word)).join(" ");
}

function closest(text: string, candidates: Iterable<string>, count: number, fits: (candidate: string) => boolean): readonly string[] {
  const limit = Math.max(1, Math.min(3, Math.floor(text.length / 3)));
  const found: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of candidates) {
    if (candidate === text || Math.abs(candidate.length - text.length) > limit) continue;
    const distance = editDistance(text, candidate, limit);
    if (distance <= limit && fits(candidate)) found.push({ candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return found.slice(0, count).map((entry) => entry.candidate);
}

/** Damerau-Levenshtein distance (neighbours swapped count once); anything over `limit` is given as more than it. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last: number[] = [];
  for (let column = 0; column <= b.length; column++) last.push(column);
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = [row];
    let smallest = row;
    for (let column = 1; column <= b.length; column++) {
      const cost = substitution(a.charAt(row - 1), b.charAt(column - 1));
      let best = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + cost);
      if (row > 1 && column > 1 && a.charAt(row - 1) === b.charAt(column - 2) && a.charAt(row - 2) === b.charAt(column - 1)) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
      smallest = Math.min(smallest, best);
    }
    if (smallest > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? limit + 1;
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  if (a.toLowerCase() === b.toLowerCase() || (isSeparator(a) && isSeparator(b))) return 0.5;
  return 1;
}

function isSeparator(character: string): boolean {
  return character === "-" || character === "_";
}

/** Whether the characters of `typed` stand in `name` in their order, as clients match. */
export function isSubsequence(typed: string, name: string): boolean {
  let at = 0;
  for (const character of typed) {
    at = name.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

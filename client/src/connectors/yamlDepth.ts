import { Parser } from "yaml";
import type { CST } from "yaml";

/**
 * Whether collections of the YAML text nest deeper than `limit`. Parsers have fallen to small texts of that kind, so it
 * is asked before documents are composed: by the tokens, which are read without recursion and know quotes and comments.
 */
export function isNestedDeeper(text: string, limit: number): boolean {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  const push = (token: CST.Token | null | undefined, depth: number): void => {
    if (token !== null && token !== undefined) open.push({ token, depth });
  };
  for (const token of new Parser().parse(text)) push(token, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limit) return true;
    if (token.type === "document") push(token.value, depth);
    if (!("items" in token)) continue;
    for (const item of token.items) {
      push(item.key, depth + 1);
      push(item.value, depth + 1);
    }
  }
  return false;
}

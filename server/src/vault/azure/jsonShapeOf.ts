import type { JsonKey, JsonShape } from "../../core/model/facts.ts";

/** Key Vault holds 25 KB; the margin is for services that count otherwise. */
const maxBytes = 64 * 1024;
const maxDepth = 100;

/**
 * The key names of a JSON text, nested; undefined where the text is too long or too deep to say.
 * An object or array is JSON to Harness; a lone number or string is not.
 * Invariant: the answer holds names of keys alone, and no error leaves this function, since an error of the JSON
 * parser quotes the text.
 */
export function jsonShapeOf(text: string): JsonShape | undefined {
  if (Buffer.byteLength(text) > maxBytes) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: "not-json" };
  }
  if (typeof parsed !== "object" || parsed === null) return { kind: "not-json" };
  const keys = keysOf(parsed, 1);
  return keys === undefined ? undefined : { kind: "json", keys };
}

/** Own properties only: `__proto__` and `constructor` are names like any other. Undefined where it is too deep. */
function keysOf(value: object, depth: number): readonly JsonKey[] | undefined {
  if (depth > maxDepth) return undefined;
  if (Array.isArray(value)) return [];
  const keys: JsonKey[] = [];
  for (const [name, child] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (typeof child !== "object" || child === null || Array.isArray(child)) {
      keys.push({ name });
      continue;
    }
    const children = keysOf(child, depth + 1);
    if (children === undefined) return undefined;
    keys.push({ name, children });
  }
  return keys;
}

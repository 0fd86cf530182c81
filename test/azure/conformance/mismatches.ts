/** A field that must not be there. */
export const absent = Symbol("absent");

/** A number, whichever. */
export const someNumber = Symbol("some number");

/**
 * What of `expected` is not so in `actual`, one line each. Objects may have more fields than expected, lists have no
 * more entries, and a pattern stands for a text that it finds itself in.
 */
export function mismatches(expected: unknown, actual: unknown, where = "the answer"): string[] {
  if (expected === absent) {
    return actual === undefined ? [] : [`${where} is ${shown(actual)} and should not be there`];
  }
  if (expected === someNumber) {
    return typeof actual === "number" ? [] : [`${where} is ${shown(actual)}, not a number`];
  }
  if (expected instanceof RegExp) {
    return typeof actual === "string" && expected.test(actual) ? [] : [`${where} is ${shown(actual)}, not like ${String(expected)}`];
  }
  if (Array.isArray(expected)) {
    return listMismatches(expected, actual, where);
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null) {
      return [`${where} is ${shown(actual)}, not an object`];
    }
    return Object.entries(expected).flatMap(([key, value]) => mismatches(value, (actual as Record<string, unknown>)[key], `${where}.${key}`));
  }
  return Object.is(expected, actual) ? [] : [`${where} is ${shown(actual)}, not ${shown(expected)}`];
}

function listMismatches(expected: readonly unknown[], actual: unknown, where: string): string[] {
  if (!Array.isArray(actual) || actual.length !== expected.length) {
    return [`${where} is ${shown(actual)}, not a list of ${String(expected.length)}`];
  }
  return expected.flatMap((value, index) => mismatches(value, actual[index], `${where}[${String(index)}]`));
}

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

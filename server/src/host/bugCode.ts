/**
 * What may be said of an unexpected exception: its class and the place in our own code, never its message, which
 * may hold anything.
 */
export function bugCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const place = /[\w.]+:\d+:\d+/.exec(error.stack?.split("\n").find((line) => line.trimStart().startsWith("at ")) ?? "");
  return place === null ? error.constructor.name : `${error.constructor.name} at ${place[0]}`;
}

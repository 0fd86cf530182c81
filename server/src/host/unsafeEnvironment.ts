/**
 * Why this process must not run with that environment, or undefined where nothing speaks against it.
 * Without certificate checks anyone on the way could take a token; an inspector can read all memory.
 */
export function unsafeEnvironment(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (environment["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") {
    return "NODE_TLS_REJECT_UNAUTHORIZED=0 turns off certificate checks. Unset it; name your own authority in NODE_EXTRA_CA_CERTS";
  }
  if (/(?:^|\s)--inspect/.test(environment["NODE_OPTIONS"] ?? "")) return "NODE_OPTIONS holds --inspect, which opens a debugging port. Unset it";
  return undefined;
}

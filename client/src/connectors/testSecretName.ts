const namePattern = /^harness-test-[0-9a-f]{16}$/;
const runPattern = /^[0-9a-f]{32}$/;

/** Whether a write test makes secrets of that name. */
export function isTestSecretName(name: unknown): name is string {
  return typeof name === "string" && namePattern.test(name);
}

export function isTestRunId(id: unknown): id is string {
  return typeof id === "string" && runPattern.test(id);
}

/** A new run and the name of its secret. `randomHex` gives so many random bytes as hexadecimal digits. */
export function newTestRun(randomHex: (bytes: number) => string): { readonly id: string; readonly name: string } {
  return { id: randomHex(16), name: `harness-test-${randomHex(8)}` };
}

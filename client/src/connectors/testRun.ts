/** A new run and the name of its secret, as `isTestSecretName` takes it. `randomHex` gives so many random bytes as hexadecimal digits. */
export function newTestRun(randomHex: (bytes: number) => string): { readonly id: string; readonly name: string } {
  return { id: randomHex(16), name: `harness-test-${randomHex(8)}` };
}

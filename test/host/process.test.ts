import { expect, test } from "vitest";
import { bugCode } from "../../server/src/host/bugCode.ts";
import { unsafeEnvironment } from "../../server/src/host/unsafeEnvironment.ts";

test.each([
  [{ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, "NODE_TLS_REJECT_UNAUTHORIZED=0"],
  [{ NODE_OPTIONS: "--inspect" }, "--inspect"],
  [{ NODE_OPTIONS: "--no-warnings --inspect-brk=0.0.0.0:9229" }, "--inspect"],
  [{ NODE_OPTIONS: "--no-warnings\t--inspect-port=1" }, "--inspect"],
])("T26: refused, with a way out: %o", (environment, words) => {
  expect(unsafeEnvironment(environment)).toContain(words);
  expect(unsafeEnvironment(environment)).toContain("Unset it");
});

test.each([{}, { NODE_TLS_REJECT_UNAUTHORIZED: "1" }, { NODE_TLS_REJECT_UNAUTHORIZED: "" }, { NODE_OPTIONS: "--max-old-space-size=4096" }, { NODE_OPTIONS: "" }, { NODE_EXTRA_CA_CERTS: "/ca.pem" }, { NODE_OPTIONS: "--require ./x--inspect.js" }])(
  "good: %o",
  (environment) => {
    expect(unsafeEnvironment(environment)).toBeUndefined();
  },
);

test("an unexpected exception is told by its class and place, never by its message", () => {
  const error = new TypeError("value-that-nobody-may-see");
  expect(bugCode(error)).toMatch(/^TypeError at process\.test\.ts:\d+:\d+$/);
  const named = new RangeError("value-that-nobody-may-see");
  named.stack = "RangeError: at secret.value:1:2\n";
  expect(bugCode(named)).toBe("RangeError");
  for (const thrown of ["value-that-nobody-may-see", undefined, null, { message: "value-that-nobody-may-see" }, 1]) expect(bugCode(thrown)).toBe("unknown");
});

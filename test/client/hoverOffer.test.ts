import { expect, test } from "vitest";
import { hoverOffer } from "../../client/src/language/hoverOffer.ts";

test.each([
  ["not-approved", "keyline.approveVault"],
  ["not-signed-in", "keyline.signIn"],
  ["wrong-tenant", "keyline.signIn"],
  ["keys-not-allowed", "keyline.allowJsonKeys"],
  ["keys-forbidden", "keyline.chooseVaultCredential"],
  ["unreachable", "keyline.refresh"],
  ["stale", "keyline.refresh"],
])("%s offers %s", (reason, command) => {
  expect(hoverOffer(reason, true)).toEqual({ command, title: expect.stringMatching(/^[A-Z][A-Za-z …]+$/) as unknown });
});

test.each(["dynamic", "unknown-identifier", "loading", "<img src=x>", "toString", undefined])("%s offers nothing", (reason) => {
  expect(hoverOffer(reason, true)).toBeUndefined();
});

test("without trust every reason offers to manage the workspace's trust, and a verified reference nothing", () => {
  expect(hoverOffer("unknown-identifier", false)).toEqual({ command: "workbench.trust.manage", title: "Manage Trust" });
  expect(hoverOffer(undefined, false)).toBeUndefined();
});

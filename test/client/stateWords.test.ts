import { describe, expect, test } from "vitest";
import { stateWords as wordsFor } from "../../client/src/language/stateWords.ts";
import type { DocumentStateParams } from "../../server/src/protocol/messages.ts";

function state(part: Partial<DocumentStateParams>): DocumentStateParams {
  return { uri: "file:///p.yaml", references: 4, verified: 4, findings: 0, notVerified: {}, vaults: [], ...part };
}

const stateWords = (given: DocumentStateParams) => wordsFor(given, true);

test("in Restricted Mode that is what is said, whatever reason the server gives", () => {
  expect(wordsFor(state({ verified: 0, notVerified: { "unknown-identifier": 3, dynamic: 1 } }), false)).toEqual({
    text: "Restricted Mode",
    detail: "0 of 4 references verified; 4 not verified. Trust this workspace to check them.",
    severity: "warning",
    busy: false,
    command: { id: "workbench.trust.manage", title: "Manage Trust" },
  });
  expect(wordsFor(state({ references: 0, verified: 0 }), false)).toBeUndefined();
});

test("nothing is said of a document without a reference", () => {
  expect(stateWords(state({ references: 0, verified: 0 }))).toBeUndefined();
});

test("all verified", () => {
  expect(stateWords(state({ findings: 2 }))).toEqual({
    text: "Verified",
    detail: "4 of 4 references verified, 2 findings.",
    severity: "information",
    busy: false,
    command: { id: "keyline.showState", title: "Details" },
  });
});

test("one of each is singular", () => {
  expect(stateWords(state({ references: 1, verified: 1, findings: 1 }))?.detail).toBe("1 of 1 reference verified, 1 finding.");
});

describe("the state that can be mended is shown, with the command that mends it", () => {
  test.each([
    ["untrusted", "Restricted Mode", "workbench.trust.manage", "warning"],
    ["not-approved", "Vault not approved", "keyline.approveVault", "warning"],
    ["not-signed-in", "Not signed in", "keyline.signIn", "warning"],
    ["offline", "Offline", "keyline.refresh", "warning"],
    ["forbidden", "No permission", "keyline.chooseVaultCredential", "warning"],
    ["keys-not-allowed", "JSON keys not read", "keyline.allowJsonKeys", "information"],
    ["keys-forbidden", "JSON keys refused", "keyline.chooseVaultCredential", "warning"],
    ["stale", "Stale", "keyline.refresh", "warning"],
    ["dynamic", "Partly verified", "keyline.showState", "information"],
  ])("%s", (reason, text, command, severity) => {
    const words = stateWords(state({ verified: 1, notVerified: { [reason]: 3 } }));
    expect(words).toMatchObject({ text, severity, busy: false, command: { id: command } });
    expect(words?.detail).toMatch(/^1 of 4 references verified; 3 not verified\. [A-Z].*\.$/);
  });

  test("first things first", () => {
    expect(stateWords(state({ verified: 0, notVerified: { dynamic: 2, "keys-not-allowed": 1, "not-approved": 1 } }))?.text).toBe("Vault not approved");
  });
});

test("while a vault is read the item is busy", () => {
  expect(stateWords(state({ verified: 0, notVerified: { loading: 4 } }))).toMatchObject({ text: "Loading", busy: true });
  const vaults = [{ name: "shop-vault", cloud: "public", state: "loading" }];
  expect(stateWords(state({ vaults }))).toMatchObject({ text: "Verified", busy: true });
});

test("a reason that this client does not know is not taken for verified", () => {
  expect(stateWords(state({ verified: 3, notVerified: { "from-a-newer-server": 1 } }))?.text).toBe("Partly verified");
});

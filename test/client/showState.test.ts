import { expect, test } from "vitest";
import { showState } from "../../client/src/language/showState.ts";
import type { DocumentStateParams } from "../../server/src/protocol/messages.ts";
import { createFakeDialogs } from "./fakeDialogs.ts";

const state: DocumentStateParams = {
  uri: "file:///p.yaml",
  references: 5,
  verified: 2,
  findings: 1,
  notVerified: { "not-approved": 2, dynamic: 1, stale: 0 },
  vaults: [
    { name: "shop-vault", cloud: "public", state: "known" },
    { name: "new-vault", cloud: "public", state: "not-approved" },
  ],
};

test("lists each reason and vault, and answers the command that mends the chosen one", async () => {
  const dialogs = createFakeDialogs({ pick: "2 not verified" });
  expect(await showState(dialogs, state, true)).toBe("keyline.approveVault");
  expect(dialogs.shown).toEqual([
    {
      kind: "pick",
      text: "Keyline: Vault not approved",
      choices: ["2 not verified", "1 not verified", "Vault shop-vault", "Vault new-vault", "2 of 5 verified"],
    },
  ]);
});

test("a line without a remedy answers no command", async () => {
  expect(await showState(createFakeDialogs({ pick: "1 not verified" }), state, true)).toBeUndefined();
  expect(await showState(createFakeDialogs({}), state, true)).toBeUndefined();
});

test("in Restricted Mode the first line leads to the workspace's trust", async () => {
  const dialogs = createFakeDialogs({ pick: "Restricted Mode" });
  expect(await showState(dialogs, state, false)).toBe("workbench.trust.manage");
  expect(dialogs.shown[0]?.text).toBe("Keyline: Restricted Mode");
  expect(dialogs.shown[0]?.choices[0]).toBe("Restricted Mode");
});

test("says so where the active file holds no reference", async () => {
  for (const none of [undefined, { ...state, references: 0 }]) {
    const dialogs = createFakeDialogs({});
    expect(await showState(dialogs, none, true)).toBeUndefined();
    expect(dialogs.shown).toEqual([{ kind: "tell", text: "The active file holds no secret reference.", choices: [] }]);
  }
});

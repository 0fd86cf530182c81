import { expect, test } from "vitest";
import { createDirectoryProvider } from "../../client/src/language/directoryProvider.ts";
import type { AzureDirectory } from "../../server/src/core/model/azureDirectory.ts";
import { emptyDirectory } from "../../server/src/core/model/azureDirectory.ts";
import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { DirectoryParams } from "../../server/src/protocol/messages.ts";

function scene() {
  let directory: AzureDirectory = emptyDirectory;
  let listener: (() => void) | undefined;
  const wanted: (readonly VaultTarget[])[] = [];
  const sent: DirectoryParams[] = [];
  const provider = createDirectoryProvider(
    {
      want: (vaults) => wanted.push(vaults),
      directory: () => directory,
      onDidChange: (one) => {
        listener = one;
        return () => (listener = undefined);
      },
    },
    (params) => sent.push(params),
  );
  const land = (next: AzureDirectory): void => {
    directory = next;
    listener?.();
  };
  return { provider, wanted, sent, land };
}

const known: AzureDirectory = { ...emptyDirectory, freeNames: ["public/typo-kv"] };

test("the vaults of open connectors are wanted; a server that names none wants none", () => {
  const { provider, wanted, sent } = scene();
  const vault: VaultTarget = { name: "shop-kv", cloud: "public" };
  provider.want({ wants: [], directoryOf: [vault] });
  provider.want({ wants: [] });
  expect(wanted).toEqual([[vault], []]);
  expect(sent).toEqual([]);
});

test("a change is sent once, and everything again to a server that has started anew", () => {
  const { provider, sent, land } = scene();
  provider.serverStarted();
  expect(sent).toEqual([]);
  land(known);
  land(known);
  expect(sent).toEqual([{ directory: known }]);
  provider.serverStarted();
  expect(sent).toEqual([{ directory: known }, { directory: known }]);
});

test("nothing is sent after the end", () => {
  const { provider, sent, land } = scene();
  provider.dispose();
  land(known);
  expect(sent).toEqual([]);
});

import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import { isConnectorIdentifier } from "../../../server/src/core/model/identifiers.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { Register } from "../register.ts";
import { createScopeAsker } from "./askScope.ts";
import { chooseConnector, connectorReference } from "./connectorSource.ts";
import type { DeleteConnectorContext } from "./deleteConnector.ts";
import { deleteConnector } from "./deleteConnector.ts";
import type { OpenInHarnessContext } from "./openInHarness.ts";
import { openInHarness } from "./openInHarness.ts";
import type { Told } from "./toldScope.ts";
import { vaultPortalUrl } from "./vaultPortalUrl.ts";
import type { WorkspaceFiles } from "./wizard/workspaceFiles.ts";

export interface ConnectorCommandsContext extends DeleteConnectorContext {
  readonly harness: Omit<OpenInHarnessContext, "dialogs">;
  /** For keyline.jsonc, where a scope is written down. */
  readonly workspaceFiles: WorkspaceFiles;
  /** What Resource Manager has told of vaults. */
  readonly directory: () => AzureDirectory;
  /** The vault of an item of the tree of vaults; undefined for any other argument. */
  readonly vaultOf: (argument: unknown) => VaultTarget | undefined;
}

/**
 * The tree's commands, for the palette too. Of the argument they take nothing but which item of our own tree it is;
 * without one they ask which connector is meant.
 */
export function connectorCommands(context: ConnectorCommandsContext): (register: Register) => void {
  const { store: source, dialogs, files, directory } = context;
  const choose = (argument: unknown, title: string, fits: (row: ConnectorRow) => boolean = () => true): Promise<ConnectorRow | undefined> =>
    chooseConnector(source, dialogs, argument, title, fits);

  const told = (row: ConnectorRow): Promise<Told<ConnectorRow> | undefined> =>
    createScopeAsker({ dialogs, files: context.workspaceFiles, isTrusted: context.isTrusted }, source.rows().map(({ scope }) => scope)).told(row);

  async function copy(row: ConnectorRow | undefined, textOf: (row: ConnectorRow) => Promise<string | undefined> | string): Promise<void> {
    if (row === undefined) return;
    // What is pasted elsewhere must not hold a line break or an invisible letter.
    if (!isConnectorIdentifier(row.identifier)) {
      dialogs.tell("The connector's identifier breaks Harness's rules, so it was not copied. Correct it in its file first.");
      return;
    }
    const text = await textOf(row);
    if (text !== undefined) await dialogs.copy(text);
  }

  async function referenceOf(row: ConnectorRow): Promise<string | undefined> {
    const known = await told(row);
    return known === undefined ? undefined : connectorReference(known);
  }

  async function openInPortal(argument: unknown): Promise<void> {
    const vault = context.vaultOf(argument) ?? (await choose(argument, "Open a connector's vault in the Azure portal", (row) => row.vault !== undefined))?.vault;
    if (vault === undefined) return;
    const { url, exact } = vaultPortalUrl(vault, directory());
    await dialogs.open(url);
    if (!exact) dialogs.tell(`The portal opens with the list of your vaults. Filter it for ${vault.name}.`);
  }

  return (register) => {
    register("keyline.revealConnector", async (argument) => {
      const row = await choose(argument, "Reveal a connector in YAML");
      if (row !== undefined && !(await files.show(row.uri, row.range))) dialogs.tell("The connector's file cannot be opened. It may have been moved or deleted.");
    });
    register("keyline.copyConnectorIdentifier", async (argument) => copy(await choose(argument, "Copy a connector's identifier"), ({ identifier }) => identifier));
    register("keyline.copyConnectorReference", async (argument) => copy(await choose(argument, "Copy a connector's reference"), referenceOf));
    register("keyline.openVaultInPortal", openInPortal);
    register("keyline.openConnectorInHarness", async (argument) => {
      const row = await choose(argument, "Open a connector in Harness");
      const known = row === undefined ? undefined : await told(row);
      if (known !== undefined) await openInHarness({ dialogs, ...context.harness }, known);
    });
    register("keyline.deleteConnector", (argument) => deleteConnector(context, argument));
  };
}

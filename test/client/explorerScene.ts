import type { DeletedList } from "../../client/src/explorer/deletedLists.ts";
import type { ExplorerNode } from "../../client/src/explorer/explorerItem.ts";
import type { ExplorerView } from "../../client/src/explorer/explorerView.ts";
import { plainView } from "../../client/src/explorer/explorerView.ts";
import { usesOfSecrets } from "../../client/src/explorer/usesOfSecrets.ts";
import { vaultNodes } from "../../client/src/explorer/vaultNodes.ts";
import type { VaultNodesContext } from "../../client/src/explorer/vaultNodesContext.ts";
import type { SecretAttributes, UnknownReason, VaultFacts } from "../../server/src/core/model/facts.ts";
import { Facts } from "../../server/src/core/model/facts.ts";
import type { SecretUseRow, SecretUsesResult } from "../../server/src/protocol/messages.ts";
import { folder, rangeAt, shopVault } from "./connectorRow.ts";

export const now = Date.UTC(2026, 10, 24, 12);
export const dayMs = 86_400_000;

export function secret(name: string, other: Partial<SecretAttributes> = {}): SecretAttributes {
  return { name, enabled: true, ...other };
}

/** What a test knows of the vault, beside that it is approved. */
export interface Known {
  readonly secrets?: readonly SecretAttributes[] | UnknownReason;
  readonly complete?: boolean;
  readonly stale?: UnknownReason;
  readonly facts?: Partial<Omit<VaultFacts, "vault" | "listing">>;
  readonly asked?: boolean;
  readonly uses?: SecretUsesResult | "unknown";
  readonly deleted?: DeletedList;
  readonly view?: Partial<ExplorerView>;
  readonly context?: Partial<VaultNodesContext>;
}

export function factsOf({ secrets = [], complete = true, stale, facts = {}, asked = true }: Known): Facts {
  if (!asked) return Facts.none;
  const listing = typeof secrets === "string" ? ({ state: "unknown", reason: secrets } as const) : ({ state: "known", at: now - 600_000, value: { secrets, complete }, ...(stale === undefined ? {} : { stale }) } as const);
  return new Facts([{ vault: shopVault, listing, versions: [], deleted: [], jsonShapes: [], ...facts }], "loading");
}

export function useRow(name: string, references: number, entities = 0): SecretUseRow {
  const places = (count: number) => Array.from({ length: count }, (_, line) => ({ uri: `${folder}/pipelines/p.yaml`, range: rangeAt(line, 4, 5), text: `account.azurevault://kv/${name}` }));
  return { vault: shopVault, name, references: places(references), entities: places(entities) };
}

export function usesResult(secrets: readonly SecretUseRow[], other: Partial<SecretUsesResult> = {}): SecretUsesResult {
  return { secrets, complete: true, reading: false, ...other };
}

export function usesFrom(uses: Known["uses"] = usesResult([])): VaultNodesContext["uses"] {
  return usesOfSecrets(uses === "unknown" ? { answered: false, stopped: false } : { last: uses, answered: true, stopped: false });
}

export function nodesOf(known: Known): readonly ExplorerNode[] {
  return vaultNodes({
    vaults: [{ vault: shopVault, connector: "account.kv" }],
    isTrusted: true,
    isApproved: () => true,
    keysAllowed: () => false,
    facts: factsOf(known),
    deleted: () => known.deleted,
    uses: usesFrom(known.uses),
    folderOf: () => folder,
    view: { ...plainView, ...known.view },
    now,
    ...known.context,
  });
}

/** The vault's own line. */
export function vaultLine(known: Known): ExplorerNode {
  const [node] = nodesOf(known);
  if (node === undefined) throw new Error("no vault is listed");
  return node;
}

export function child(node: ExplorerNode, label: string): ExplorerNode {
  const found = node.children().find((each) => each.label === label);
  if (found === undefined) throw new Error(`${label} is not among ${labels(node).join(", ")}`);
  return found;
}

export function labels(node: ExplorerNode): readonly string[] {
  return node.children().map(({ label, description }) => (description === undefined || description === "" ? label : `${label} (${description})`));
}

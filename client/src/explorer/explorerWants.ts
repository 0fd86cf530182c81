import type { VaultWant } from "../../../server/src/core/model/facts.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { KnownVault } from "../secrets/secretSource.ts";
import type { ExplorerItem } from "./explorerItem.ts";

/** What the open lines need to know of the vaults that are still shown. A line below one that is closed cannot be seen, and needs nothing. */
export function explorerWants(open: Iterable<ExplorerItem>, vaults: readonly KnownVault[]): readonly VaultWant[] {
  const shown = new Map(vaults.map(({ vault }) => [vaultKey(vault), vault]));
  const lines = [...open];
  const openLines = new Set(lines.map(lineKey));
  return lines.flatMap(({ vault: { name, cloud }, subject, opens }) => {
    const isSeen = opens === "secrets" || openLines.has(lineKey({ vault: { name, cloud }, opens: "secrets" }));
    if (!isSeen || (opens === "keys" && subject !== undefined && !openLines.has(lineKey({ vault: { name, cloud }, subject: { vault: subject.vault, name: subject.name }, opens: "versions" })))) return [];
    const vault = shown.get(vaultKey({ name, cloud }));
    if (vault === undefined || opens === undefined || opens === "deleted") return [];
    const want: VaultWant = { vault, listing: true, versionsOf: [], deletedOf: [], jsonOf: [] };
    if (subject === undefined) return [want];
    if (opens === "versions") return [{ ...want, versionsOf: [subject.name] }];
    return [{ ...want, jsonOf: [{ name: subject.name, ...(subject.version === undefined ? {} : { version: subject.version }) }] }];
  });
}

function lineKey({ vault, subject, opens }: ExplorerItem): string {
  return `${opens ?? ""} ${vaultKey(vault)} ${subject?.name.toLowerCase() ?? ""} ${subject?.version ?? ""}`;
}

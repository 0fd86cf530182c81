import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { ConnectorState } from "./connectorState.ts";
import type { ConnectorKnowledge } from "./connectorStore.ts";
import { counted } from "./counted.ts";

/** The value of the context key `keyline.connectors`, which the welcome texts of package.json test. */
export type ViewContext = "loading" | "virtual" | "none" | "stopped" | "listed";

/** `virtual`: no folder of the workspace is on a disk that the server can read. */
export function viewContext(known: ConnectorKnowledge, virtual: boolean): ViewContext {
  if (known.stopped) return "stopped";
  if (known.rows.length > 0) return "listed";
  if (!known.answered || known.reading) return "loading";
  return virtual ? "virtual" : "none";
}

/** What stands above the lines of the tree; undefined where nothing is to be said. */
export function viewMessage(known: ConnectorKnowledge, { trusted, virtual }: { readonly trusted: boolean; readonly virtual: boolean }): string | undefined {
  if (known.stopped || !known.answered) return undefined;
  if (known.reading) return known.rows.length === 0 ? undefined : "Files are still being read. There may be more references.";
  if (known.complete) return undefined;
  // With nothing listed, the welcome text says it.
  if (!trusted) return known.rows.length === 0 ? undefined : "Restricted Mode: only what open files say is listed.";
  if (virtual) return known.rows.length === 0 ? undefined : "Virtual workspace: only what open files say is listed.";
  return "Some files of the workspace cannot be read. There may be more connectors and references.";
}

/** The number on the activity bar; undefined where no connector fails. */
export function viewBadge(rows: readonly ConnectorRow[], state: (row: ConnectorRow) => ConnectorState): { readonly value: number; readonly tooltip: string } | undefined {
  const value = rows.filter((row) => state(row).kind === "failing").length;
  return value === 0 ? undefined : { value, tooltip: `${counted(value, "connector")} failing` };
}

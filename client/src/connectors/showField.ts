import type { ConnectorRow, ProtocolRange } from "../../../server/src/protocol/messages.ts";

/** The fields of a connector that a failed test may be about. */
export type ConnectorField = "clientId" | "tenantId" | "secretKey" | "vaultName" | "subscription" | "enablePurge";

/** The part of the workspace's files that is needed. */
export interface FieldFiles {
  /** Opens the file with that range selected. False where it cannot be opened. */
  show(uri: string, range: ProtocolRange): Promise<boolean>;
  /** Undefined where the file cannot be read. */
  read(uri: string): Promise<{ readonly text: string } | undefined>;
}

/** Opens the connector's file at a field of it, or at its identifier where the field is not written. False where that cannot be done. */
export async function showField(files: FieldFiles, row: Pick<ConnectorRow, "uri" | "range">, field: ConnectorField): Promise<boolean> {
  // keyline.jsonc names many connectors in one document.
  const file = row.uri.endsWith("/keyline.jsonc") ? undefined : await files.read(row.uri);
  const range = file === undefined ? undefined : rangeOfField(file.text.split(/\r\n|\n|\r/), row.range.start.line, field);
  return files.show(row.uri, range ?? row.range);
}

/** The field's value, within the YAML document that holds the line. */
function rangeOfField(lines: readonly string[], line: number, field: ConnectorField): ProtocolRange | undefined {
  const start = lines.slice(0, line + 1).findLastIndex(isMarker) + 1;
  const next = lines.findIndex((text, index) => index > line && isMarker(text));
  const end = next < 0 ? lines.length : next;
  for (let index = start; index < end; index++) {
    const found = new RegExp(`^\\s{0,200}["']?${field}["']?\\s{0,20}:\\s{0,200}`).exec(lines[index] ?? "");
    if (found === null) continue;
    const from = found[0].length;
    return { start: { line: index, character: from }, end: { line: index, character: Math.max((lines[index] ?? "").trimEnd().length, from) } };
  }
  return undefined;
}

function isMarker(line: string): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(line);
}

import type { Analysis } from "./model/snapshot.ts";

/** Reads one text. Total: any text gives an answer. `uri` decides the path scope. */
export function analyze(uri: string, text: string): Analysis {
  return { uri, text, isHarness: false, tooLarge: false, documents: [], pathScope: {}, references: [], findings: [], entities: [] };
}

import type { ReferenceAtParams, ReferenceAtResult, SecretTextParams, SecretTextResult } from "../../../server/src/protocol/messages.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { EditorPlace } from "./yamlEditor.ts";

/** What the language server knows of a text. Undefined where it does not answer. */
export interface EditorServer {
  referenceAt(params: ReferenceAtParams): Promise<ReferenceAtResult | undefined>;
  secretText(params: SecretTextParams): Promise<SecretTextResult | undefined>;
}

export const noServerMessage = "The language server does not answer, so nothing was inserted. Run Keyline: Restart Language Server.";

/** The question how a place refers to a secret. */
export function secretTextParams({ uri, range }: Pick<EditorPlace, "uri" | "range">, { vault, name, version, jsonKeys = [] }: SecretSubject): SecretTextParams {
  return { textDocument: { uri }, range, vault, name, ...(version === undefined ? {} : { version }), ...(jsonKeys.length === 0 ? {} : { jsonKey: jsonKeys.join(".") }) };
}

import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";

/** True for a connector that a YAML file defines; one of keyline.jsonc is only named there. */
export function isYamlRow({ uri }: Pick<ConnectorRow, "uri">): boolean {
  return !uri.endsWith("/keyline.jsonc");
}

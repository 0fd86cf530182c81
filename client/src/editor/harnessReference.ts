/** References as they stand in Harness YAML, for the clipboard: where they are inserted, the server writes them for the place. */
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import { connectorReference } from "../connectors/connectorSource.ts";
import { isNameable, secretPath } from "../entities/secretPath.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";

export function expressionOf(reference: string): string {
  return `<+secrets.getValue("${reference}")>`;
}

/** `account.azurevault://connector/name[#key][/version]`; undefined for what such a path cannot name: nested keys, and keys with a dot, a colon or a quote. */
export function directPath(connector: ConnectorRow, subject: SecretSubject): string | undefined {
  const { jsonKeys = [] } = subject;
  if (!isNameable(subject) || jsonKeys.length > 1 || jsonKeys.some((key) => !/^[^/.:#"'\\<>\s]{1,256}$/.test(key))) return undefined;
  const reference = connectorReference(connector);
  return `${reference.slice(0, -connector.identifier.length)}azurevault://${connector.identifier}/${secretPath(subject)}`;
}

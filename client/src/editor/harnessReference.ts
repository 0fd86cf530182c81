/** References as they stand in Harness YAML, for the clipboard: where they are inserted, the server writes them for the place. */
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import { connectorReference } from "../connectors/connectorSource.ts";
import type { Told } from "../connectors/toldScope.ts";
import { isNameable, secretPath } from "../entities/secretPath.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";

export function expressionOf(reference: string): string {
  return `<+secrets.getValue("${reference}")>`;
}

/** `account.azurevault://connector/name[#key][/version]`; undefined for what such a path cannot name: nested keys, and keys with a dot, a colon or a quote. */
export function directPath(connector: Told<Pick<ConnectorRow, "scope" | "identifier">>, subject: SecretSubject): string | undefined {
  if (!canBeInPath(subject)) return undefined;
  const reference = connectorReference(connector);
  return `${reference.slice(0, -connector.identifier.length)}azurevault://${connector.identifier}/${secretPath(subject)}`;
}

/** Whether a path through a connector can name it. */
export function canBeInPath(subject: SecretSubject): boolean {
  const { jsonKeys = [] } = subject;
  return isNameable(subject) && jsonKeys.length <= 1 && jsonKeys.every((key) => /^[^/.:#"'\\<>\s]{1,256}$/.test(key));
}

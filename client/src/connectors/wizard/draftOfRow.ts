import type { ConnectorRow } from "../../../../server/src/protocol/messages.ts";
import type { FieldChange, FieldValue } from "../connectorYaml.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import { draftSettings, draftTags } from "./connectorDraft.ts";

/** The answers that an existing connector's YAML gives. */
export function draftOfRow(row: ConnectorRow): ConnectorDraft {
  const { scope, settings = {} } = row;
  const text = <F extends keyof ConnectorDraft>(field: F, value: ConnectorDraft[F] | undefined): Partial<ConnectorDraft> => (value === undefined ? {} : { [field]: value });
  return {
    ...(scope.level === "unknown" ? {} : { level: scope.level }),
    ...(scope.level === "org" || scope.level === "project" ? { org: scope.org } : {}),
    ...(scope.level === "project" ? { project: scope.project } : {}),
    ...text("name", row.name),
    identifier: row.identifier,
    ...text("description", row.description),
    ...text("tags", row.tags?.map(([key, value]) => (value === "" ? key : `${key}:${value}`)).join(", ")),
    credentials: settings.useManagedIdentity === true ? "delegate" : "specify",
    environment: settings.azureEnvironmentType === "AZURE_US_GOVERNMENT" ? "AZURE_US_GOVERNMENT" : "AZURE",
    ...text("clientId", settings.clientId),
    ...text("tenantId", settings.tenantId),
    ...text("secretKey", settings.secretKey),
    managedIdentity: settings.azureManagedIdentityType === "UserAssignedManagedIdentity" ? "user" : "system",
    ...text("managedClientId", settings.managedClientId),
    // Harness's own default where the field is absent; its form has it on.
    enablePurge: settings.enablePurge ?? false,
    ...text("delegateSelectors", settings.delegateSelectors?.join(", ")),
    ...text("subscription", settings.subscription),
    ...text("vaultName", settings.vaultName),
    ...text("vaultConfiguredManually", settings.vaultConfiguredManually),
  };
}

/** The fields that differ between two drafts, as changes of the YAML. Fields of the other credential type are taken away. */
export function changesBetween(before: ConnectorDraft, after: ConnectorDraft): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const put = (path: FieldChange["path"], old: FieldValue | undefined, value: FieldValue | undefined): void => {
    if (JSON.stringify(old) !== JSON.stringify(value)) changes.push({ path, value });
  };
  put(["name"], before.name, after.name);
  put(["description"], before.description ?? "", after.description ?? "");
  put(["tags"], Object.fromEntries(draftTags(before.tags ?? "")), Object.fromEntries(draftTags(after.tags ?? "")));
  const old = draftSettings(before);
  const now = draftSettings(after);
  for (const field of new Set([...Object.keys(old), ...Object.keys(now)]) as Set<keyof typeof now>) {
    // Whether it is the default is no question of these steps.
    if (field !== "default") put(["spec", field], old[field], now[field]);
  }
  return changes;
}

/** Turns the SDK's answers into facts of our own: names and attributes, never values. */
import type { DeletedSecret as SdkDeletedSecret, SecretProperties } from "@azure/keyvault-secrets";
import type { DeletedEntry, DeletedSecret, SecretAttributes, SecretVersion, VersionAttributes } from "../../core/model/facts.ts";
import { isSecretName } from "../../core/model/vaultTarget.ts";

/** Undefined for an entry whose name no secret can have: nothing can refer to it. */
export function secretAttributesOf(properties: SecretProperties): SecretAttributes | undefined {
  return isSecretName(properties.name) ? { name: properties.name, ...attributesOf(properties) } : undefined;
}

export function secretVersionOf(properties: SecretProperties): SecretVersion | undefined {
  const { version } = properties;
  return version !== undefined && isSecretName(version) ? { version, ...attributesOf(properties) } : undefined;
}

function attributesOf(properties: SecretProperties): VersionAttributes {
  const tags = tagsOf(properties.tags);
  return {
    enabled: properties.enabled !== false,
    ...datesOf(properties),
    ...(typeof properties.contentType === "string" ? { contentType: properties.contentType } : {}),
    ...(tags.length === 0 ? {} : { tags }),
    ...(properties.managed === true ? { managed: true } : {}),
    ...(typeof properties.recoveryLevel === "string" ? { recoveryLevel: properties.recoveryLevel } : {}),
  };
}

export function deletedSecretOf(secret: SdkDeletedSecret): DeletedSecret {
  return { state: "deleted", ...deletionOf(secret) };
}

/** Undefined for an entry whose name no secret can have. */
export function deletedEntryOf(secret: SdkDeletedSecret): DeletedEntry | undefined {
  if (!isSecretName(secret.name)) return undefined;
  const { contentType, recoveryLevel } = secret.properties;
  return {
    name: secret.name,
    ...deletionOf(secret),
    ...(typeof recoveryLevel === "string" ? { recoveryLevel } : {}),
    ...(typeof contentType === "string" ? { contentType } : {}),
  };
}

function deletionOf(secret: SdkDeletedSecret): { readonly deletedOn?: number; readonly scheduledPurge?: number } {
  const deletedOn = millisecondsOf(secret.deletedOn);
  const scheduledPurge = millisecondsOf(secret.properties.scheduledPurgeDate);
  return { ...(deletedOn === undefined ? {} : { deletedOn }), ...(scheduledPurge === undefined ? {} : { scheduledPurge }) };
}

interface Dates {
  readonly created?: number;
  readonly updated?: number;
  readonly expires?: number;
  readonly notBefore?: number;
}

function datesOf(properties: SecretProperties): Dates {
  const created = millisecondsOf(properties.createdOn);
  const updated = millisecondsOf(properties.updatedOn);
  const expires = millisecondsOf(properties.expiresOn);
  const notBefore = millisecondsOf(properties.notBefore);
  return {
    ...(created === undefined ? {} : { created }),
    ...(updated === undefined ? {} : { updated }),
    ...(expires === undefined ? {} : { expires }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

export function millisecondsOf(date: Date | undefined): number | undefined {
  const time = date?.getTime();
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

function tagsOf(tags: Readonly<Record<string, unknown>> | undefined): readonly (readonly [string, string])[] {
  if (typeof tags !== "object") return [];
  const entries: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(tags)) if (typeof value === "string") entries.push([name, value]);
  return entries;
}

import type { JsonKey } from "../../../server/src/core/model/facts.ts";
import { isSecretName, isSecretVersion } from "../../../server/src/core/model/vaultTarget.ts";

/** A secret of a vault, or a version or a JSON key of it, by names alone. */
export interface SecretPath {
  readonly name: string;
  readonly version?: string;
  /** The names of nested JSON keys, outermost first. */
  readonly jsonKeys?: readonly string[];
}

/** `name[#key][/version]`, as a Harness secret names what it refers to (Harness: AzureParsedSecretReference). */
export function secretPath({ name, version, jsonKeys = [] }: SecretPath): string {
  return `${name}${jsonKeys.length === 0 ? "" : `#${jsonKeys.join(".")}`}${version === undefined ? "" : `/${version}`}`;
}

/** Whether a path can name it: what a vault or a JSON text calls otherwise would mean something else there. */
export function isNameable({ name, version, jsonKeys = [] }: SecretPath): boolean {
  return isSecretName(name) && (version === undefined || isSecretVersion(version)) && jsonKeys.every((key) => !key.includes(".") && jsonKeyProblem(key) === undefined);
}

/** What is wrong with a JSON key as it is typed, its nested names separated by dots; undefined where nothing is. */
export function jsonKeyProblem(text: string): string | undefined {
  if (text === "") return "Enter the key's name, as in user or database.user.";
  if (text.includes("/")) return "Harness cannot read a key whose name holds a slash.";
  if (text.split(".").includes("")) return "Write the names of nested keys with one dot between them.";
  return /[\u0000-\u001f\u007f]/.test(text) || text.includes("<+") ? "Enter the key's name as it stands in the JSON." : undefined;
}

/** The keys that a path can name, each with its parents. Harness takes a dot for the border between two keys, a slash for the end. */
export function namedKeys(keys: readonly JsonKey[], parents: readonly string[] = []): readonly (readonly string[])[] {
  return keys.flatMap(({ name, children = [] }) => {
    if (name.includes(".") || jsonKeyProblem(name) !== undefined) return [];
    const path = [...parents, name];
    return [path, ...namedKeys(children, path)];
  });
}

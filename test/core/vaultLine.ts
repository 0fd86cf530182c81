import type { DeletedSecret, Fact, JsonKey, SecretAttributes, SecretVersion, UnknownReason } from "../../server/src/core/model/facts.ts";
import type { VaultFacts } from "../../server/src/core/index.ts";

const dayMs = 86_400_000;

/** What one directive of a fixture says of a vault, added to what earlier ones said. */
export function vaultFacts(before: VaultFacts | undefined, verb: string, vaultName: string, items: string, now: number): VaultFacts {
  const vault = { name: vaultName, cloud: "public" as const };
  const facts: VaultFacts = before ?? { vault, listing: { state: "unknown", reason: "loading" }, versions: [], deleted: [], jsonShapes: [] };
  if (verb === "unknown") {
    const [reason = "", tenant] = items.trim().split(" ");
    return { ...facts, vault: tenant === undefined ? facts.vault : { ...facts.vault, tenant }, listing: { state: "unknown", reason: reason as UnknownReason } };
  }
  if (verb === "stale") {
    const listing = stale(facts.listing, items);
    const versions = facts.versions.map(([name, fact]) => [name, stale(fact, items)] as const);
    const jsonShapes = facts.jsonShapes.map(([name, fact]) => [name, stale(fact, items)] as const);
    return { ...facts, listing, versions, jsonShapes };
  }
  if (verb === "keys") {
    const [name = "", reason = ""] = items.split(" ");
    return { ...facts, jsonShapes: [...facts.jsonShapes, [name.toLowerCase(), { state: "unknown", reason: reason as UnknownReason }]] };
  }
  const names = items.split(/, ?/).filter((item) => item !== "");
  if (verb === "deleted") return { ...facts, deleted: [...facts.deleted, ...names.map((item) => deletedFact(item, now))] };
  const secrets = names.map((item) => readItem(item, now));
  return {
    ...facts,
    listing: { state: "known", at: now, value: { complete: verb === "vault", secrets: secrets.map((secret) => secret.attributes) } },
    versions: [...facts.versions, ...secrets.flatMap((secret) => (secret.versions === undefined ? [] : [[secret.attributes.name.toLowerCase(), { state: "known", at: now, value: secret.versions }] as const]))],
    jsonShapes: [...facts.jsonShapes, ...secrets.flatMap((secret) => secret.shapes)],
  };
}

/** `name`: deleted, to be purged in 30 days; `name gone`: not among the deleted ones. */
function deletedFact(item: string, now: number): readonly [string, Fact<DeletedSecret>] {
  const value: DeletedSecret = item.endsWith(" gone") ? { state: "absent" } : { state: "deleted", scheduledPurge: now + 30 * dayMs };
  return [(item.split(" ")[0] ?? "").toLowerCase(), { state: "known", at: now, value }];
}

function stale<T>(fact: Fact<T>, reason: string): Fact<T> {
  return fact.state === "known" ? { ...fact, stale: reason.trim() as UnknownReason } : fact;
}

function readItem(item: string, now: number) {
  const [name = "", ...words] = item.trim().split(" ");
  let attributes: SecretAttributes = { name, enabled: true, created: now - 100 * dayMs };
  let versions: SecretVersion[] | undefined;
  const shapes: VaultFacts["jsonShapes"][number][] = [];
  let inVersions = false;
  for (const word of words) {
    const [key = "", argument = ""] = splitOnce(word);
    if (inVersions && /^[0-9a-f]{32}!?$/.test(word)) {
      versions?.push(version(word, now, versions.length));
      continue;
    }
    inVersions = false;
    if (key === "disabled") attributes = { ...attributes, enabled: false };
    else if (key === "expired") attributes = { ...attributes, expires: now - 40 * dayMs };
    else if (key === "expires") attributes = { ...attributes, expires: now + Number(argument) * dayMs };
    else if (key === "starts") attributes = { ...attributes, notBefore: now + Number(argument) * dayMs };
    else if (key === "level") attributes = { ...attributes, recoveryLevel: argument };
    else if (key === "managed") attributes = { ...attributes, managed: true };
    else if (key === "type") attributes = { ...attributes, contentType: argument.replaceAll("_", " ") };
    else if (key === "tags") attributes = { ...attributes, tags: argument.split(";").map(readTag) };
    else if (key === "text") shapes.push([name.toLowerCase(), { state: "known", at: now, value: { kind: "not-json" } }]);
    else if (key === "json") shapes.push([name.toLowerCase(), { state: "known", at: now, value: { kind: "json", keys: readKeys(argument) } }]);
    else if (key === "versions") {
      inVersions = true;
      versions = argument === "" ? [] : [version(argument, now, 0)];
    } else throw new Error(`unknown word in a vault line: ${word}`);
  }
  return { attributes, versions, shapes };
}

function readTag(text: string): readonly [string, string] {
  const [name = "", value = ""] = text.replaceAll("_", " ").split("=");
  return [name, value];
}

function version(word: string, now: number, index: number): SecretVersion {
  return { version: word.replace("!", ""), enabled: !word.endsWith("!"), created: now - (index + 1) * dayMs };
}

function splitOnce(word: string): readonly [string, string] {
  const colon = word.indexOf(":");
  return colon < 0 ? [word, ""] : [word.slice(0, colon), word.slice(colon + 1)];
}

/** `user;endpoint{host;port}`: names, nested ones in braces. */
function readKeys(text: string): readonly JsonKey[] {
  const keys: { name: string; children?: readonly JsonKey[] }[] = [];
  let at = 0;
  while (at < text.length) {
    let end = at;
    while (end < text.length && text.charAt(end) !== ";" && text.charAt(end) !== "{") end++;
    const name = text.slice(at, end);
    if (text.charAt(end) === "{") {
      let depth = 0;
      let close = end;
      for (; close < text.length; close++) {
        if (text.charAt(close) === "{") depth++;
        if (text.charAt(close) === "}" && --depth === 0) break;
      }
      keys.push({ name, children: readKeys(text.slice(end + 1, close)) });
      end = close + 1;
    } else keys.push({ name });
    at = end + 1;
  }
  return keys;
}

import { shownText } from "../../../server/src/core/model/shownText.ts";
import type { SecretAttributes } from "../../../server/src/core/model/facts.ts";
import type { ExplorerView } from "./explorerView.ts";

export interface SecretGroup {
  /** Unlike any other group's; stays the same while secrets come and go. */
  readonly key: string;
  readonly label: string;
  readonly secrets: readonly SecretAttributes[];
}

const dayMs = 86_400_000;

/** Sorted by the view's order; equal ones by name. A secret without the date comes last. */
export function sortSecrets(secrets: readonly SecretAttributes[], sort: ExplorerView["sort"]): readonly SecretAttributes[] {
  const named = secrets.map((secret) => ({ secret, name: secret.name.toLowerCase(), at: orderOf(secret, sort) }));
  named.sort((one, other) => one.at - other.at || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  return named.map(({ secret }) => secret);
}

function orderOf({ expires, updated }: SecretAttributes, sort: ExplorerView["sort"]): number {
  if (sort === "expiry") return expires ?? Number.MAX_SAFE_INTEGER;
  if (sort === "lastChange") return updated === undefined ? 0 : -updated;
  return 0;
}

/** The groups of sorted secrets, in order; undefined where the view has none. */
export function groupSecrets(sorted: readonly SecretAttributes[], { group, groupTag }: ExplorerView, now: number): readonly SecretGroup[] | undefined {
  switch (group) {
    case "none":
      return undefined;
    case "name":
      return byKey(sorted, ({ name }) => {
        const prefix = name.includes("-") ? name.slice(0, name.indexOf("-")) : "";
        return prefix === "" ? ["", "No prefix"] : [prefix.toLowerCase(), `${prefix.toLowerCase()}-`];
      });
    case "tag":
      return byKey(sorted, ({ tags }) => {
        const value = tags?.find(([name]) => name.toLowerCase() === groupTag.toLowerCase())?.[1];
        return value === undefined ? ["", `No tag ${shownText(groupTag, 40)}`] : [`=${value}`, value === "" ? "Empty" : shownText(value, 60)];
      });
    case "expiry":
      return inOrder(sorted, expiryGroups, ({ expires }) => expiryGroup(expires, now));
    case "lastChange":
      return inOrder(sorted, changeGroups, ({ updated }) => changeGroup(updated, now));
  }
}

const expiryGroups = ["Expired", "Expires within 7 days", "Expires within 30 days", "Expires within 90 days", "Expires later", "Does not expire"] as const;

function expiryGroup(expires: number | undefined, now: number): (typeof expiryGroups)[number] {
  if (expires === undefined) return "Does not expire";
  const days = (expires - now) / dayMs;
  if (days <= 0) return "Expired";
  if (days <= 7) return "Expires within 7 days";
  if (days <= 30) return "Expires within 30 days";
  return days <= 90 ? "Expires within 90 days" : "Expires later";
}

const changeGroups = ["Changed within a day", "Changed within 7 days", "Changed within 30 days", "Changed within a year", "Changed longer ago", "Last change not known"] as const;

function changeGroup(updated: number | undefined, now: number): (typeof changeGroups)[number] {
  if (updated === undefined) return "Last change not known";
  const days = (now - updated) / dayMs;
  if (days <= 1) return "Changed within a day";
  if (days <= 7) return "Changed within 7 days";
  if (days <= 30) return "Changed within 30 days";
  return days <= 365 ? "Changed within a year" : "Changed longer ago";
}

function inOrder<L extends string>(sorted: readonly SecretAttributes[], labels: readonly L[], labelOf: (secret: SecretAttributes) => L): readonly SecretGroup[] {
  const groups = new Map<L, SecretAttributes[]>(labels.map((label) => [label, []]));
  for (const secret of sorted) groups.get(labelOf(secret))?.push(secret);
  return [...groups].flatMap(([label, secrets]) => (secrets.length === 0 ? [] : [{ key: label, label, secrets }]));
}

/** By key; the empty one, which says that there is none, comes last. */
function byKey(sorted: readonly SecretAttributes[], keyOf: (secret: SecretAttributes) => readonly [key: string, label: string]): readonly SecretGroup[] {
  const groups = new Map<string, { readonly label: string; readonly secrets: SecretAttributes[] }>();
  for (const secret of sorted) {
    const [key, label] = keyOf(secret);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { label, secrets: [secret] });
    else group.secrets.push(secret);
  }
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((one, other) => order(one.key, other.key));
}

function order(one: string, other: string): number {
  if (one === "" || other === "") return one === other ? 0 : one === "" ? 1 : -1;
  return one < other ? -1 : one > other ? 1 : 0;
}

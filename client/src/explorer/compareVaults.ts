/** Which names two vaults have, as Markdown: names and dates alone. */
import type { SecretAttributes } from "../../../server/src/core/model/facts.ts";
import { dateWords } from "../../../server/src/core/model/timeWords.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome } from "../../../server/src/vault/vaultApi.ts";
import { causeOfOutcome } from "../azure/causeOfOutcome.ts";
import { causeWords } from "../azure/causeWords.ts";
import { counted } from "../connectors/counted.ts";
import { lastingState } from "../secrets/secretState.ts";
import { markdownText } from "./markdownText.ts";

export interface VaultList {
  readonly vault: VaultTarget;
  /** A list that could not be read to its end is none. */
  readonly listed: Outcome<readonly SecretAttributes[]>;
}

export function compareVaults(one: VaultList, other: VaultList, now: number): string {
  const left = byName(one);
  const right = byName(other);
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const line = (name: string): string => row(left.get(name), right.get(name), { one, other }, now);
  const part = (title: string, chosen: readonly string[], none: string): readonly string[] => [
    `## ${title}`,
    "",
    ...(chosen.length === 0 ? [none] : [head(one, other), ...chosen.map(line)]),
    "",
  ];
  const [oneName, otherName] = shownNames(one, other);
  const both = names.filter((name) => left.has(name) && right.has(name));
  const differs = new Set(both.filter((name) => stateOf(left.get(name), now) !== stateOf(right.get(name), now)));
  const differing = [...differs];
  const isKnown = one.listed.ok && other.listed.ok;
  return [
    `# ${oneName} and ${otherName}`,
    "",
    "Names, states and dates of the latest versions, as the vaults listed them. No value was read.",
    "",
    ...unknownLines(one),
    ...unknownLines(other),
    ...(isKnown
      ? [
          ...part(`Only in ${oneName} (${counted(left.size - both.length, "secret")})`, names.filter((name) => !right.has(name)), "None."),
          ...part(`Only in ${otherName} (${counted(right.size - both.length, "secret")})`, names.filter((name) => !left.has(name)), "None."),
          ...part(`In both, in another state (${counted(differing.length, "secret")})`, differing, "None."),
          ...part(`In both, in the same state (${counted(both.length - differing.length, "secret")})`, both.filter((name) => !differs.has(name)), "None."),
        ]
      : part("What was listed", names, "Nothing.")),
  ].join("\n");
}

/** Where a list was not read, what it holds is unknown, never missing. */
function unknownLines({ vault, listed }: VaultList): readonly string[] {
  if (listed.ok) return [];
  const cause = causeOfOutcome(listed);
  const why = cause === "cancelled" ? "You cancelled the reading." : `${causeWords(cause, "read").what} ${causeWords(cause, "read").next}`;
  return [`**It is unknown what ${markdownText(vault.name)} holds**, so nothing is said to be missing from it. ${markdownText(why)}`, ""];
}

function byName({ listed }: VaultList): ReadonlyMap<string, SecretAttributes> {
  return new Map(listed.ok ? listed.value.map((secret) => [secret.name.toLowerCase(), secret]) : []);
}

/** Two vaults of one name in two clouds are told apart. */
function shownNames(one: VaultList, other: VaultList): readonly [string, string] {
  const isSame = one.vault.name.toLowerCase() === other.vault.name.toLowerCase();
  const shown = ({ vault }: VaultList): string => markdownText(isSame ? `${vault.name} (${vault.cloud})` : vault.name);
  return [shown(one), shown(other)];
}

function head(one: VaultList, other: VaultList): string {
  const [oneName, otherName] = shownNames(one, other);
  return `| Secret | ${oneName} | ${otherName} |\n|---|---|---|`;
}

function row(left: SecretAttributes | undefined, right: SecretAttributes | undefined, { one, other }: { readonly one: VaultList; readonly other: VaultList }, now: number): string {
  return `| ${markdownText(left?.name ?? right?.name ?? "")} | ${cell(left, one, now)} | ${cell(right, other, now)} |`;
}

function cell(secret: SecretAttributes | undefined, { listed }: VaultList, now: number): string {
  if (secret === undefined) return listed.ok ? "not there" : "unknown";
  const { updated, expires } = secret;
  return markdownText([lastingState(secret, now), ...(updated === undefined ? [] : [`updated ${dateWords(updated)}`]), ...(expires === undefined ? [] : [`expires ${dateWords(expires)}`])].join(", "));
}

function stateOf(secret: SecretAttributes | undefined, now: number): string | undefined {
  return secret === undefined ? undefined : lastingState(secret, now);
}

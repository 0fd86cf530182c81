import type { ProtocolRange } from "../../../server/src/protocol/messages.ts";

/** A command offered at a place of a text. */
export interface CodeOffer {
  readonly title: string;
  readonly command: "keyline.moveToVault" | "keyline.createMissingSecret";
  readonly kind: "quickfix" | "refactor.extract";
  /** The diagnostic that it mends, by its position in the list. */
  readonly mends?: number;
  /** Where the reference is. */
  readonly at?: ProtocolRange["start"];
}

export interface CodeSituation {
  readonly isTrusted: boolean;
  readonly diagnostics: readonly { readonly source?: string | undefined; readonly code: unknown; readonly start: ProtocolRange["start"] }[];
  /** Empty for a cursor. */
  readonly selected: string;
}

/** Longer than any value that a vault takes, even where each letter is escaped. */
const maxSelected = 200_000;

export function codeOffers({ isTrusted, diagnostics, selected }: CodeSituation): readonly CodeOffer[] {
  if (!isTrusted) return [];
  const fixes = diagnostics.flatMap(({ source, code, start }, index): readonly CodeOffer[] => {
    if (source !== "keyline") return [];
    const title = titles.get(String(code));
    return title === undefined ? [] : [{ title, command: "keyline.createMissingSecret", kind: "quickfix", mends: index, at: start }];
  });
  const text = selected.trim();
  const canMove = text !== "" && text.length <= maxSelected && !text.includes("<+") && !text.startsWith("#");
  return [...fixes, ...(canMove ? [{ title: "Move to Key Vault secret…", command: "keyline.moveToVault", kind: "refactor.extract" } as const] : [])];
}

const titles: ReadonlyMap<string, string> = new Map([
  ["vault-secret-not-found", "Create the missing secret in the vault…"],
  ["secret-not-found", "Write the missing secret as YAML…"],
]);

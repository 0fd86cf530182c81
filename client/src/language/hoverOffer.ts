import { isReason, reasonText } from "./stateWords.ts";

/** A command that mends why a reference is not verified, in words of our own alone. */
export interface HoverOffer {
  readonly command: string;
  readonly title: string;
}

/** What a hover offers beside its text; undefined where no command mends the reason. */
export function hoverOffer(reason: string | undefined, isTrusted: boolean): HoverOffer | undefined {
  if (reason === undefined) return undefined;
  // Without trust no other file is read, so that the server gives another reason than the one that keeps it from knowing.
  const cause = isTrusted ? reason : "untrusted";
  const mend = isReason(cause) ? reasonText(cause).mend : undefined;
  return mend === undefined ? undefined : { command: mend.id, title: mend.title };
}

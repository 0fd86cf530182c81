/** Which account of Harness links lead to, and at which address. */
export interface HarnessAccount {
  readonly account: string;
  /** `https://app.harness.io` unless the account lives elsewhere. */
  readonly origin: string;
}

export const defaultOrigin = "https://app.harness.io";

/**
 * Reads what a person has typed or pasted: an account ID, or the address of any page of Harness. `trustedOrigin` is the
 * one origin outside harness.io whose addresses are taken.
 */
export function readHarnessAccount(text: string, trustedOrigin?: string): HarnessAccount | undefined {
  const typed = text.trim();
  if (isAccountId(typed)) return { account: typed, origin: trustedOrigin ?? defaultOrigin };
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  const account = /\/account\/([^/?]+)/.exec(url === undefined ? "" : url.pathname + url.hash)?.[1];
  if (url === undefined || account === undefined || !isAccountId(account)) return undefined;
  const origin = harnessOrigin(typed) ?? (url.origin === trustedOrigin ? trustedOrigin : undefined);
  return origin === undefined ? undefined : { account, origin };
}

export function isAccountId(text: string): boolean {
  return /^[0-9A-Za-z_-]{6,64}$/.test(text);
}

/** The origin of an address of harness.io; undefined for any other address. */
function harnessOrigin(text: string): string | undefined {
  const origin = httpsOrigin(text);
  return origin !== undefined && /^https:\/\/(?:[0-9a-z-]+\.)*harness\.io$/.test(origin) ? origin : undefined;
}

/** The origin of an https address without a user name. */
export function httpsOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url.origin : undefined;
}

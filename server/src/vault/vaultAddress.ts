/**
 * Where a vault is called. An address is made from a name and a cloud alone, never from a URL that somebody else wrote:
 * a token for one vault opens every vault that the identity can reach, so it must never travel to a host of another's
 * choice. Hosts and audiences: Azure's documents on Key Vault and national clouds.
 */
import type { Cloud, VaultTarget } from "../core/model/vaultTarget.ts";
import { isVaultName } from "../core/model/vaultTarget.ts";

export interface VaultAddress {
  /** `https://<name in lower case>.<suffix>`, without a slash at the end. */
  readonly origin: string;
  /** The only scope that a token for this vault is asked for. */
  readonly scope: string;
  /** The Entra host of the cloud. What a vault's challenge says of it is never used. */
  readonly authorityHost: string;
  /** Azure Resource Manager of the cloud. */
  readonly armHost: string;
}

interface CloudHosts {
  readonly suffix: string;
  readonly authorityHost: string;
  readonly armHost: string;
}

const clouds: ReadonlyMap<string, CloudHosts> = new Map<Cloud, CloudHosts>([
  ["public", { suffix: "vault.azure.net", authorityHost: "https://login.microsoftonline.com", armHost: "https://management.azure.com" }],
  [
    "usgov",
    { suffix: "vault.usgovcloudapi.net", authorityHost: "https://login.microsoftonline.us", armHost: "https://management.usgovcloudapi.net" },
  ],
  ["china", { suffix: "vault.azure.cn", authorityHost: "https://login.chinacloudapi.cn", armHost: "https://management.chinacloudapi.cn" }],
]);

/** Azure Resource Manager of a cloud: its origin, and the only scope that a token for it is asked for. */
export function managementAddress(cloud: Cloud): { readonly origin: string; readonly scope: string } | undefined {
  const hosts = clouds.get(cloud);
  return hosts === undefined ? undefined : { origin: hosts.armHost, scope: `${hosts.armHost}/.default` };
}

/** The address of a vault; undefined where no vault can have the name, or the cloud is none of ours. */
export function vaultAddress(target: VaultTarget): VaultAddress | undefined {
  const hosts = clouds.get(target.cloud);
  if (hosts === undefined || !isVaultName(target.name)) return undefined;
  return {
    origin: `https://${target.name.toLowerCase()}.${hosts.suffix}`,
    scope: `https://${hosts.suffix}/.default`,
    authorityHost: hosts.authorityHost,
    armHost: hosts.armHost,
  };
}

/**
 * The vault that a URL names, if it names one of that cloud and nothing else. Take the name from the answer and build
 * the address from it; the URL itself is not to be called.
 */
export function checkVaultUrl(url: string, cloud: Cloud): VaultTarget | undefined {
  const hosts = clouds.get(cloud);
  if (hosts === undefined || !isPlainUrlText(url)) return undefined;
  const parsed = parseUrl(url);
  if (parsed?.pathname !== "/" || parsed.search !== "" || parsed.hash !== "") return undefined;
  const dot = parsed.hostname.indexOf(".");
  const target: VaultTarget = { name: parsed.hostname.slice(0, Math.max(dot, 0)), cloud };
  return vaultAddress(target)?.origin === parsed.origin ? target : undefined;
}

/**
 * The canonical form of a page's nextLink where it stays on the same origin and path, else undefined. Call what is
 * returned, so that what was checked is what is called. `path` is the list's own, as `/secrets`.
 */
export function allowedNextLink(nextLink: string, { origin }: Pick<VaultAddress, "origin">, path: string): string | undefined {
  if (!isPlainUrlText(nextLink)) return undefined;
  const parsed = parseUrl(nextLink);
  if (parsed?.origin !== origin || parsed.hash !== "") return undefined;
  return samePath(parsed.pathname, path) ? parsed.href : undefined;
}

/** Whether a page's nextLink may be followed: same vault, same path. */
export function isNextLinkAllowed(nextLink: string, address: VaultAddress, path: string): boolean {
  return allowedNextLink(nextLink, address, path) !== undefined;
}

/** An https URL without user or password; URL drops the default port by itself. */
function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url : undefined;
}

/** URL repairs backslashes, tabs and white space silently; a text that needs it is refused instead. */
function isPlainUrlText(text: string): boolean {
  return /^https:\/\/[\x21-\x5b\x5d-\x7e]{1,8000}$/i.test(text) && !text.includes("@");
}

/** Key Vault names are compared ignoring case, and the SDK leaves a slash behind a name without a version. */
function samePath(a: string, b: string): boolean {
  return withoutEndSlash(a).toLowerCase() === withoutEndSlash(b).toLowerCase();
}

function withoutEndSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

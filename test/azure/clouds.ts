/** Which of Azure's separate clouds a host belongs to. */
export type CloudName = "public" | "usgov" | "china";

export interface CloudHosts {
  readonly vaultSuffix: string;
  readonly vaultAudience: string;
  readonly resourceManager: string;
  /** The authority's host and its aliases. Vaults of the public cloud name the alias login.windows.net. */
  readonly authorities: readonly [string, ...string[]];
  /** The host that a vault's challenge names. */
  readonly challengeAuthority: string;
}

export const clouds: Readonly<Record<CloudName, CloudHosts>> = {
  public: {
    vaultSuffix: "vault.azure.net",
    vaultAudience: "https://vault.azure.net",
    resourceManager: "management.azure.com",
    authorities: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    challengeAuthority: "login.windows.net",
  },
  usgov: {
    vaultSuffix: "vault.usgovcloudapi.net",
    vaultAudience: "https://vault.usgovcloudapi.net",
    resourceManager: "management.usgovcloudapi.net",
    authorities: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    challengeAuthority: "login.microsoftonline.us",
  },
  china: {
    vaultSuffix: "vault.azure.cn",
    vaultAudience: "https://vault.azure.cn",
    resourceManager: "management.chinacloudapi.cn",
    authorities: ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
    challengeAuthority: "login.chinacloudapi.cn",
  },
};

export type ServiceHost =
  | { readonly service: "vault"; readonly cloud: CloudName; readonly vault: string }
  | { readonly service: "entra"; readonly cloud: CloudName }
  | { readonly service: "resourceManager"; readonly cloud: CloudName };

/** What a host name is in Azure, or undefined where it is none of the hosts that the local Azure stands in for. */
export function serviceOfHost(host: string): ServiceHost | undefined {
  const lower = host.toLowerCase();
  for (const cloud of Object.keys(clouds) as CloudName[]) {
    const hosts = clouds[cloud];
    if (hosts.authorities.includes(lower)) {
      return { service: "entra", cloud };
    }
    if (hosts.resourceManager === lower) {
      return { service: "resourceManager", cloud };
    }
    const vault = lower.endsWith(`.${hosts.vaultSuffix}`) ? lower.slice(0, -hosts.vaultSuffix.length - 1) : "";
    if (vault !== "" && !vault.includes(".")) {
      return { service: "vault", cloud, vault };
    }
  }
  return undefined;
}

import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { LocalAzure } from "./localAzure.ts";

/**
 * Sends this process's own SDK calls to the local Azure, as `env()` does for a process that is yet to start: clients
 * made from now on take the proxy from HTTPS_PROXY, and TLS trusts its authority. Returns the function that undoes it.
 * The SDKs ignore `tlsOptions` together with a proxy, so that trust has to be the process's own.
 */
export function routeThisProcess(azure: LocalAzure): () => void {
  const trusted = getCACertificates("default");
  const before = { HTTPS_PROXY: process.env["HTTPS_PROXY"], NO_PROXY: process.env["NO_PROXY"] };
  setDefaultCACertificates([...trusted, azure.proxy.caPem]);
  const { HTTPS_PROXY, NO_PROXY } = azure.env();
  setEnvironment({ HTTPS_PROXY, NO_PROXY });
  return () => {
    setDefaultCACertificates(trusted);
    setEnvironment(before);
  };
}

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) {
      Reflect.deleteProperty(process.env, name);
    } else {
      process.env[name] = value;
    }
  }
}

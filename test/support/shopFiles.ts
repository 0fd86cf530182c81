import type { VaultFacts } from "../../server/src/core/index.ts";

/** A pipeline of project default/shop whose script is this one line. */
export function pipelineText(script: string): string {
  return `pipeline:
  identifier: deploy
  orgIdentifier: default
  projectIdentifier: shop
  stages:
    - stage:
        identifier: build
        spec:
          execution:
            steps:
              - step:
                  type: Run
                  spec:
                    command: |
                      ${script}
`;
}

/** The line of the script within `pipelineText`, and where the script begins in it. */
export const scriptLine = 14;
export const scriptColumn = 22;

/** A connector in which nothing is wrong. */
export function connectorText(identifier = "kv", vault = "shop-kv"): string {
  return `connector:
  identifier: ${identifier}
  name: ${identifier}
  orgIdentifier: default
  projectIdentifier: shop
  type: AzureKeyVault
  spec:
    vaultName: ${vault}
    subscription: 22222222-0000-4000-8000-000000000001
    azureEnvironmentType: AZURE
    useManagedIdentity: true
    azureManagedIdentityType: SystemAssignedManagedIdentity
`;
}

/** An expression that the text alone shows to be wrong: invalid-scope-prefix. */
export const wrongScope = `echo <+secrets.getValue("acount.token")>`;

/** A reference into a Key Vault through the connector `kv`. */
export function vaultReference(name: string, connector = "kv"): string {
  return `echo <+secrets.getValue("azurevault://${connector}/${name}")>`;
}

/** A vault listed to its end, whose secrets have no versions known. */
export function listedVault(vault: string, names: readonly string[], at: number): VaultFacts {
  return {
    vault: { name: vault, cloud: "public" },
    listing: { state: "known", at, value: { complete: true, secrets: names.map((name) => ({ name, enabled: true })) } },
    versions: names.map((name) => [name, { state: "known", at, value: [{ version: "0123456789abcdef0123456789abcdef", enabled: true }] }] as const),
    deleted: [],
    jsonShapes: [],
  };
}

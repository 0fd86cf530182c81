import type { CredentialChoice, CredentialChoiceKind } from "../../../server/src/vault/credentialChoice.ts";

interface KindWords {
  readonly label: string;
  readonly detail: string;
}

const words: Readonly<Record<CredentialChoiceKind, KindWords>> = {
  vscode: { label: "VS Code's Microsoft account", detail: "The account that you sign in to in VS Code." },
  "azure-cli": { label: "Azure CLI", detail: "The account of az login." },
  "client-secret": { label: "Client secret", detail: "Of an application. Kept in VS Code's secret storage alone." },
  "client-certificate": { label: "Client certificate", detail: "Of an application: a PEM file with certificate and private key." },
  "managed-identity": { label: "Managed identity", detail: "Of the Azure machine that VS Code's extensions run on." },
  "workload-identity": { label: "Workload identity", detail: "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE." },
  environment: { label: "Environment", detail: "The client secret in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET." },
};

/** A way to sign in, as lists name it. */
export function kindWords(kind: CredentialChoiceKind): KindWords {
  return words[kind];
}

/** One identity in a few words. */
export function choiceWords(choice: CredentialChoice): string {
  const { label } = words[choice.kind];
  switch (choice.kind) {
    case "client-secret":
    case "client-certificate":
      return `${label} of application ${choice.clientId}`;
    case "managed-identity":
      return choice.clientId === undefined ? `${label}, system-assigned` : `${label} ${choice.clientId}`;
    case "vscode":
    case "azure-cli":
    case "environment":
    case "workload-identity":
      return label;
  }
}

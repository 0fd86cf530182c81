/**
 * The fields of Harness's YAML that hold a plain reference to a secret, by connector type.
 * Source: Harness's connector schemas and their secret reference fields.
 */
const userAndPassword = ["usernameRef", "passwordRef"];
const messenger = ["accessTokenRef", "refreshTokenRef", "clientSecretRef", "botUserTokenRef", "apiKeyRef"];

const fieldsByConnector: Readonly<Record<string, readonly string[]>> = {
  AzureKeyVault: ["secretKey"],
  Vault: ["authToken", "secretId", "xVaultAwsIamServerId", "headerAwsIam", "ngCertificateRef"],
  AwsKms: ["accessKey", "secretKey", "kmsArn"],
  AwsSecretManager: ["accessKey", "secretKey"],
  GcpKms: ["credentials", "credentialsRef"],
  GcpSecretManager: ["credentials", "credentialsRef"],
  CustomSecretManager: ["connectorRef"],
  Aws: ["accessKeyRef", "secretKeyRef", "sessionTokenRef", "signedSecretRef"],
  AwsCodeCommit: ["accessKeyRef", "secretKeyRef", "sessionTokenRef"],
  Codecommit: ["accessKeyRef", "secretKeyRef", "sessionTokenRef"],
  Gcp: ["secretKeyRef"],
  Azure: ["secretRef", "certificateRef"],
  K8sCluster: [
    ...userAndPassword,
    "serviceAccountTokenRef",
    "caCertRef",
    "clientCertRef",
    "clientKeyRef",
    "clientKeyPassphraseRef",
    "oidcUsernameRef",
    "oidcPasswordRef",
    "oidcClientIdRef",
    "oidcSecretRef",
  ],
  Git: [...userAndPassword, "sshKeyRef"],
  Github: [...userAndPassword, "tokenRef", "sshKeyRef", "applicationIdRef", "installationIdRef", "privateKeyRef"],
  Gitlab: [...userAndPassword, "tokenRef", "refreshTokenRef", "sshKeyRef", "kerberosKeyRef"],
  Bitbucket: [...userAndPassword, "tokenRef", "refreshTokenRef", "emailRef", "sshKeyRef"],
  AzureRepo: ["usernameRef", "tokenRef", "sshKeyRef"],
  AzureArtifacts: ["usernameRef", "tokenRef", "sshKeyRef"],
  Harness: ["tokenRef"],
  DockerRegistry: userAndPassword,
  Artifactory: userAndPassword,
  Nexus: userAndPassword,
  HttpHelmRepo: userAndPassword,
  OciHelmRepo: userAndPassword,
  Bamboo: userAndPassword,
  Jenkins: [...userAndPassword, "tokenRef"],
  Jira: [...userAndPassword, "patRef"],
  ServiceNow: [...userAndPassword, "certificateRef", "privateKeyRef", "clientIdRef", "resourceIdRef", "clientSecretRef", "refreshTokenRef"],
  AppDynamics: ["passwordRef", "clientSecretRef"],
  Datadog: ["apiKeyRef", "applicationKeyRef"],
  Dynatrace: ["apiTokenRef", "platformTokenRef"],
  ElasticSearch: ["passwordRef", "apiKeyRef"],
  NewRelic: ["apiKeyRef"],
  ErrorTracking: ["apiKeyRef"],
  OpsGenie: ["apiKeyRef"],
  LangSmith: ["apiKeyRef"],
  XMatters: ["apiKeyRef", "apiSecretRef"],
  Prometheus: ["passwordRef", "encryptedValueRef"],
  Splunk: ["passwordRef", "tokenRef"],
  SignalFX: ["apiTokenRef"],
  PagerDuty: ["apiTokenRef"],
  Spot: ["apiTokenRef", "spotAccountIdRef"],
  SumoLogic: ["accessIdRef", "accessKeyRef"],
  CustomHealth: ["encryptedValueRef"],
  Tas: [...userAndPassword, "refreshTokenRef"],
  TerraformCloud: ["apiToken"],
  Rancher: ["passwordRef"],
  JDBC: [...userAndPassword, "serviceAccountTokenRef", "privateKeyFileRef", "privateKeyPassphraseRef"],
  Salesforce: ["jwtKeyFileRef"],
  OpenAI: ["tokenRef", "apiKeyRef"],
  Anthropic: ["tokenRef", "apiKeyRef"],
  Mcp: ["apiKeyRef", "passwordRef", "headerValueRef", "tokenRef"],
  GithubMcp: ["tokenRef"],
  Slack: messenger,
  MsTeams: messenger,
  Zoom: messenger,
  GoogleChat: messenger,
  Confluence: messenger,
};

const anyConnectorField: ReadonlySet<string> = new Set(
  Object.values(fieldsByConnector)
    .flat()
    .filter((field) => field.endsWith("Ref") && field !== "connectorRef"),
);

/** Every key that can hold a plain secret reference somewhere: a cheap first test. */
export const secretFieldKeys: ReadonlySet<string> = new Set([
  ...Object.values(fieldsByConnector).flat(),
  "value",
  "default",
  "key",
  "password",
  "encryptedPassphrase",
  "encryptedWebhookSecretIdentifier",
  "installationKeyRef",
]);

/** Whether `key`, anywhere in the `spec` of a connector of that type, refers to a secret. */
export function isConnectorSecretField(connectorType: string, key: string): boolean {
  const fields = Object.hasOwn(fieldsByConnector, connectorType) ? fieldsByConnector[connectorType] : undefined;
  if (fields?.includes(key) === true) return true;
  return anyConnectorField.has(key);
}

/** Fields of SSH and WinRM secrets that refer to another secret. */
export const sshAndWinRmFields: ReadonlySet<string> = new Set(["key", "encryptedPassphrase", "password"]);

/** Fields outside connectors and secrets that refer to a secret. */
export const otherFields: ReadonlySet<string> = new Set(["encryptedWebhookSecretIdentifier", "credentialsRef", "installationKeyRef"]);

/** Lists whose items of `type: Secret` are Secret variables; `outputVariables` and `volumes` are not among them. */
export const secretVariableLists: ReadonlySet<string> = new Set([
  "variables",
  "customVariables",
  "pipelineVariables",
  "environmentVariables",
  "inputVariables",
  "parameterOverrides",
  "inputs",
  "attributes",
]);

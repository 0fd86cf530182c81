import { expect, test } from "vitest";
import type { ConnectorsResult, SecretEntitiesResult } from "../../server/src/protocol/messages.ts";
import { fileUri } from "../../server/src/workspace/fileUri.ts";
import { connectorText } from "../support/shopFiles.ts";
import { tempFolder } from "../support/tempFolder.ts";
import { TestServer } from "../support/testServer.ts";

const text = "secret:\n  identifier: db\n  name: Database\n  type: SecretText\n  spec:\n    secretManagerIdentifier: account.kv\n    valueType: Reference\n    value: hidden-path\n";
const file = "secret:\n  identifier: key\n  type: SecretFile\n  orgIdentifier: default\n  spec:\n    secretManagerIdentifier: harnessSecretManager\n";

test("the secrets of all files, of open ones as they are typed, without paths", async () => {
  const folder = await tempFolder({ "kv.yaml": connectorText(), "secrets.yaml": `${text}---\n${file}`, "keyline.jsonc": '{ "scopes": [{ "files": "secrets.yaml", "scope": "account" }] }' });
  const server = await TestServer.start({ folders: [folder], initializationOptions: { clientFacts: true } });
  await server.askUntil<ConnectorsResult>("keyline/connectors", ({ complete }) => complete);
  await server.open(`${fileUri(folder)}/new.yaml`, text.replace("identifier: db", "identifier: typed"));
  const at = (name: string) => ({ folder: fileUri(folder), uri: `${fileUri(folder)}/${name}` });
  const { entities } = await server.request<SecretEntitiesResult>("keyline/secretEntities", {});
  expect(entities).toHaveLength(3);
  expect(entities).toEqual(
    expect.arrayContaining([
      { ...at("secrets.yaml"), scope: { level: "account" }, identifier: "db", name: "Database", type: "SecretText" },
      { ...at("secrets.yaml"), scope: { level: "org", org: "default" }, identifier: "key", type: "SecretFile" },
      { ...at("new.yaml"), scope: expect.objectContaining({ level: "unknown", reason: "unknown-scope" }) as unknown, identifier: "typed", name: "Database", type: "SecretText" },
    ]),
  );
  await server.ignore("keyline/documentState", "keyline/wants", "textDocument/publishDiagnostics", "keyline/connectorsChanged");
  await server.dispose();
});

import { hiddenValue, setSecret } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, recorded, spec } from "../conformanceCase.ts";
import { absent, someNumber } from "../mismatches.ts";
import type { Scene } from "../scene.ts";

const unknownVersion = "0123456789abcdef0123456789abcdef";
const notFound = (name: string): string =>
  `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`;

async function twoVersions(scene: Scene): Promise<void> {
  await setSecret(scene, "Key", { value: "first value" }, "first");
  await setSecret(scene, "Key", { value: "second value", tags: { owner: "me" } }, "second");
}

/** Reading a secret by name or version, and the list of its versions. */
export const versionCases: readonly ConformanceCase[] = [
  {
    name: "versions: a name that the vault does not hold has an empty list",
    source: recorded("can list secret versions (non existing)"),
    request: { line: "GET /secrets/nothing/versions" },
    expect: { status: 200, body: { value: [], nextLink: null } },
  },
  {
    name: "versions: every version is listed with its id and without its value",
    source: recorded("can retrieve all versions of a secret"),
    async arrange(scene) {
      await setSecret(scene, "key", { attributes: { enabled: false } });
    },
    request: { line: "GET /secrets/key/versions" },
    expect: { status: 200, without: hiddenValue, body: { value: [{ id: "{vaultUrl}/secrets/key/{version}", value: absent, attributes: { enabled: false, created: someNumber, updated: someNumber } }], nextLink: null } },
  },
  {
    name: "versions: each has its own content type, tags and recovery level",
    source: spec,
    async arrange(scene) {
      await setSecret(scene, "key", { contentType: "text/plain", tags: { owner: "me" } });
    },
    request: { line: "GET /secrets/key/versions" },
    expect: { status: 200, without: hiddenValue, body: { value: [{ id: "{vaultUrl}/secrets/key/{version}", contentType: "text/plain", tags: { owner: "me" }, managed: absent, attributes: { enabled: true, recoveryLevel: /./ } }] } },
  },
  {
    name: "versions: setting a secret three times makes three",
    source: recorded("can retrieve all versions of a secret"),
    async arrange(scene) {
      for (let count = 0; count < 3; count += 1) await setSecret(scene);
    },
    request: { line: "GET /secrets/key/versions", allPages: true },
    expect: { status: 200, body: { pages: [3], distinct: 3 } },
  },
  {
    name: "versions: they come in pages too",
    source: recorded("can retrieve all versions of a secret by page"),
    async arrange(scene) {
      for (let count = 0; count < 3; count += 1) await setSecret(scene);
    },
    request: { line: "GET /secrets/key/versions?maxresults=2", allPages: true },
    expect: { status: 200, body: { pages: [2, 1], distinct: 3 } },
  },
  {
    name: "get: by name it is the newest version",
    source: recorded("can retrieve the latest version of a secret value"),
    arrange: twoVersions,
    request: { line: "GET /secrets/Key" },
    expect: { status: 200, body: { value: "second value", id: "{vaultUrl}/secrets/Key/{second}", tags: { owner: "me" }, attributes: { enabled: true, created: someNumber, updated: someNumber, recoveryLevel: /./ } } },
  },
  {
    name: "get: a slash after the name changes nothing",
    source: recorded("can get a secret"),
    arrange: twoVersions,
    request: { line: "GET /secrets/Key/" },
    expect: { status: 200, body: { value: "second value", id: "{vaultUrl}/secrets/Key/{second}" } },
  },
  { name: "get: by version it is that one", source: spec, arrange: twoVersions, request: { line: "GET /secrets/Key/{first}" }, expect: { status: 200, body: { value: "first value", id: "{vaultUrl}/secrets/Key/{first}", tags: absent } } },
  {
    name: "get: the case of a name does not matter",
    source: documented("About keys, secrets and certificates: object identifiers are not case sensitive"),
    arrange: twoVersions,
    request: { line: "GET /secrets/KEY" },
    expect: { status: 200, body: { value: "second value" } },
  },
  {
    name: "get: a name that the vault does not hold",
    source: recorded("can get a secret (non existing)"),
    request: { line: "GET /secrets/nothing/" },
    expect: { status: 404, code: "SecretNotFound", inner: null, message: notFound("nothing") },
  },
  {
    name: "get: a version that the secret does not have",
    source: recorded("can get a secret (non existing)"),
    arrange: twoVersions,
    request: { line: `GET /secrets/Key/${unknownVersion}` },
    expect: { status: 404, code: "SecretNotFound", inner: null, message: notFound(`Key/${unknownVersion}`) },
  },
  {
    name: "get: a disabled secret keeps its value to itself",
    source: recorded("can't get a disabled secret"),
    arrange: (scene) => setSecret(scene, "key", { attributes: { enabled: false } }),
    request: { line: "GET /secrets/key" },
    expect: { status: 403, code: "Forbidden", inner: "SecretDisabled", message: "Operation get is not allowed on a disabled secret.", without: hiddenValue },
  },
  {
    name: "get: an older version can be read when the newest is disabled",
    source: spec,
    async arrange(scene) {
      await setSecret(scene, "key", { value: "old value" });
      await setSecret(scene, "key", { attributes: { enabled: false } }, "newest");
    },
    request: { line: "GET /secrets/key/{version}" },
    expect: { status: 200, body: { value: "old value" } },
  },
  {
    name: "get: a secret that has expired is still given",
    source: documented("About Key Vault secrets: nbf and exp are informational"),
    arrange: (scene) => setSecret(scene, "key", { attributes: { exp: 1_600_000_000 } }),
    request: { line: "GET /secrets/key" },
    expect: { status: 200, body: { value: hiddenValue, attributes: { exp: 1_600_000_000 } } },
  },
  {
    name: "get: a secret that is not valid yet is given",
    source: documented("About Key Vault secrets: nbf and exp are informational"),
    arrange: (scene) => setSecret(scene, "key", { attributes: { nbf: 4_000_000_000 } }),
    request: { line: "GET /secrets/key" },
    expect: { status: 200, body: { value: hiddenValue, attributes: { nbf: 4_000_000_000 } } },
  },
];

import { deletedSecret, hiddenValue, setSecret } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, recorded, reported, spec } from "../conformanceCase.ts";
import { absent, someNumber } from "../mismatches.ts";
import type { RequestRow } from "../requestRow.ts";

const limits = documented("About Key Vault secrets: a value of 25 KB, 15 tags, a content type of 255 characters");

function put(body: unknown, name = "key"): RequestRow {
  return { line: `PUT /secrets/${name}`, body };
}

function refusedName(what: string, encoded: string, shown: string): ConformanceCase {
  return {
    name: `set: a name with ${what} is refused`,
    source: reported("The request URI contains an invalid name"),
    request: put({ value: "demo value" }, encoded),
    expect: { status: 400, code: "BadParameter", message: `The request URI contains an invalid name: ${shown}` },
  };
}

/** Setting secrets, and changing what belongs to a version. */
export const writingCases: readonly ConformanceCase[] = [
  {
    name: "set: the answer is the new version with its value",
    source: recorded("can add a secret"),
    request: put({ value: "demo value" }),
    expect: { status: 200, body: { value: "demo value", id: /\/secrets\/key\/[0-9a-f]{32}$/, contentType: absent, tags: absent, attributes: { enabled: true, exp: absent, nbf: absent, created: someNumber, updated: someNumber, recoveryLevel: "Recoverable+Purgeable", recoverableDays: 90 } } },
  },
  {
    name: "set: type, tags and dates are kept",
    source: spec,
    request: put({ value: "demo value", contentType: "text/plain", tags: { purpose: "test" }, attributes: { enabled: true, nbf: 1_700_000_000, exp: 1_900_000_000 } }),
    expect: { status: 200, body: { contentType: "text/plain", tags: { purpose: "test" }, attributes: { enabled: true, nbf: 1_700_000_000, exp: 1_900_000_000 } } },
  },
  {
    name: "set: an expiry after 2038 is kept as it is",
    source: recorded("can set a secret with attributes"),
    request: put({ value: "demo value", attributes: { exp: 32_503_680_000 } }),
    expect: { status: 200, body: { attributes: { exp: 32_503_680_000 } } },
  },
  { name: "set: an empty value is a value", source: recorded("can set a secret with empty value"), request: put({ value: "" }), expect: { status: 200, body: { value: "" } } },
  {
    name: "set: a disabled secret is answered with its value all the same",
    source: recorded("can update a disabled secret"),
    request: put({ value: "demo value", attributes: { enabled: false } }),
    expect: { status: 200, body: { value: "demo value", attributes: { enabled: false } } },
  },
  { name: "set: a value of 25 KB is taken", source: limits, request: put({ value: "x".repeat(25_600) }), expect: { status: 200 } },
  { name: "set: a larger value is refused", source: limits, request: put({ value: "x".repeat(25_601) }), expect: { status: 400, code: "BadParameter" } },
  { name: "set: the limit counts bytes", source: limits, request: put({ value: "é".repeat(12_801) }), expect: { status: 400, code: "BadParameter" } },
  {
    name: "set: more than 15 tags are refused",
    source: limits,
    request: put({ value: "demo value", tags: Object.fromEntries(Array.from({ length: 16 }, (_one, index) => [`tag${String(index)}`, "x"])) }),
    expect: { status: 400, code: "BadParameter" },
  },
  { name: "set: a content type of more than 255 characters is refused", source: limits, request: put({ value: "demo value", contentType: "x".repeat(256) }), expect: { status: 400, code: "BadParameter" } },
  { name: "set: without a value it is refused", source: spec, request: put({ tags: {} }), expect: { status: 400, code: "BadParameter" } },
  { name: "set: a value that is no text is refused", source: spec, request: put({ value: 5 }), expect: { status: 400, code: "BadParameter" } },
  { name: "set: a body that is no JSON is refused", source: spec, request: put("{ value"), expect: { status: 400, code: "BadParameter" } },
  {
    name: "set: without a name the method is not allowed",
    source: recorded("cannot create a secret with an empty name"),
    request: { line: "PUT /secrets/", body: { value: "demo value" } },
    expect: { status: 405, code: "MethodNotAllowed", message: "HTTP PUT not allowed" },
  },
  refusedName("an underscore", "my_secret", "my_secret"),
  refusedName("a dot", "my.secret", "my.secret"),
  refusedName("a space", "my%20secret", "my secret"),
  { name: "set: a name of 127 characters is taken", source: documented("About keys, secrets and certificates"), request: put({ value: "demo value" }, "n".repeat(127)), expect: { status: 200 } },
  { name: "set: a longer name is refused", source: documented("About keys, secrets and certificates"), request: put({ value: "demo value" }, "n".repeat(128)), expect: { status: 400, code: "BadParameter" } },
  {
    name: "update: one version's attributes change, and no value is answered",
    source: recorded("can update a secret"),
    arrange: (scene) => setSecret(scene),
    request: { line: "PATCH /secrets/key/{version}", body: { attributes: { exp: 32_503_680_000 } } },
    expect: { status: 200, without: hiddenValue, body: { value: absent, id: "{vaultUrl}/secrets/key/{version}", attributes: { enabled: true, exp: 32_503_680_000 } } },
  },
  {
    name: "update: without a version it is the newest, also where that is disabled",
    source: recorded("can update a disabled secret"),
    arrange: (scene) => setSecret(scene, "key", { attributes: { enabled: false } }),
    request: { line: "PATCH /secrets/key/", body: { attributes: { exp: 32_503_680_000 } } },
    expect: { status: 200, body: { id: "{vaultUrl}/secrets/key/{version}", attributes: { enabled: false, exp: 32_503_680_000 } } },
  },
  {
    name: "update: what is not named stays",
    source: spec,
    arrange: (scene) => setSecret(scene, "key", { contentType: "text/plain", tags: { a: "1" }, attributes: { exp: 1_900_000_000 } }),
    request: { line: "PATCH /secrets/key/{version}", body: { attributes: { enabled: false } } },
    expect: { status: 200, body: { contentType: "text/plain", tags: { a: "1" }, attributes: { enabled: false, exp: 1_900_000_000 } } },
  },
  {
    name: "update: tags are replaced, not mixed",
    source: spec,
    arrange: (scene) => setSecret(scene, "key", { tags: { a: "1", b: "2" } }),
    request: { line: "PATCH /secrets/key/{version}", body: { tags: { c: "3" } } },
    expect: { status: 200, body: { tags: { a: absent, b: absent, c: "3" } } },
  },
  {
    name: "update: a secret that is enabled again can be read",
    source: recorded("can update a disabled secret"),
    async arrange(scene) {
      await setSecret(scene, "key", { attributes: { enabled: false } });
      await scene.must({ line: "PATCH /secrets/key/{version}", body: { attributes: { enabled: true } } });
    },
    request: { line: "GET /secrets/key" },
    expect: { status: 200, body: { value: hiddenValue } },
  },
  {
    name: "update: a version that the secret does not have",
    source: spec,
    arrange: (scene) => setSecret(scene),
    request: { line: "PATCH /secrets/key/0123456789abcdef0123456789abcdef", body: { attributes: { enabled: false } } },
    expect: { status: 404, code: "SecretNotFound" },
  },
  {
    name: "update: a deleted secret cannot be changed",
    source: documented("Soft-delete: a deleted object is only reachable by recover, purge and the list of deleted ones"),
    arrange: (scene) => deletedSecret(scene),
    request: { line: "PATCH /secrets/key/{version}", body: { attributes: { enabled: false } } },
    expect: { status: 404, code: "SecretNotFound" },
  },
  {
    name: "update: a secret that the vault does not hold",
    source: spec,
    request: { line: "PATCH /secrets/nothing/0123456789abcdef0123456789abcdef", body: { attributes: { enabled: false } } },
    expect: { status: 404, code: "SecretNotFound" },
  },
];

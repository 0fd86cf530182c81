import { hiddenValue, setSecret, setSecrets } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { recorded, spec } from "../conformanceCase.ts";
import { absent, someNumber } from "../mismatches.ts";

const list = { line: "GET /secrets" };

/** The list of a vault's secrets, and its pages. */
export const listingCases: readonly ConformanceCase[] = [
  { name: "list: an empty vault", source: recorded("can list secrets by page"), request: list, expect: { status: 200, headers: { "content-type": /^application\/json/ }, body: { value: [], nextLink: null } } },
  {
    name: "list: an entry has its id without a version, its attributes and no value",
    source: recorded("can list secrets by page"),
    arrange: (scene) => setSecret(scene),
    request: list,
    expect: {
      status: 200,
      without: hiddenValue,
      body: {
        value: [{ id: "{vaultUrl}/secrets/key", value: absent, contentType: absent, tags: absent, attributes: { enabled: true, created: someNumber, updated: someNumber, recoveryLevel: "Recoverable+Purgeable", recoverableDays: 90 } }],
        nextLink: null,
      },
    },
  },
  {
    name: "list: an entry has the newest version's tags, type and dates",
    source: spec,
    async arrange(scene) {
      await setSecret(scene, "key", { contentType: "text/old", tags: { one: "1" } });
      await setSecret(scene, "key", { contentType: "text/new", tags: { two: "2" }, attributes: { exp: 1_900_000_000, nbf: 1_700_000_000 } });
    },
    request: list,
    expect: { status: 200, body: { value: [{ id: "{vaultUrl}/secrets/key", contentType: "text/new", tags: { two: "2", one: absent }, attributes: { exp: 1_900_000_000, nbf: 1_700_000_000 } }] } },
  },
  {
    name: "list: a disabled secret is shown",
    source: spec,
    arrange: (scene) => setSecret(scene, "key", { attributes: { enabled: false } }),
    request: list,
    expect: { status: 200, body: { value: [{ id: "{vaultUrl}/secrets/key", attributes: { enabled: false } }] } },
  },
  { name: "list: 25 secrets are one page", source: spec, arrange: (scene) => setSecrets(scene, 25), request: { ...list, allPages: true }, expect: { status: 200, body: { pages: [25], distinct: 25 } } },
  { name: "list: 60 secrets come in pages of 25 at most", source: spec, arrange: (scene) => setSecrets(scene, 60), request: { ...list, allPages: true }, expect: { status: 200, body: { pages: [25, 25, 10], distinct: 60 } } },
  {
    name: "list: maxresults makes pages smaller",
    source: recorded("can list secrets by page"),
    arrange: (scene) => setSecrets(scene, 5),
    request: { line: "GET /secrets?maxresults=2", allPages: true },
    expect: { status: 200, body: { pages: [2, 2, 1], distinct: 5 } },
  },
  {
    name: "list: the next page's address is the vault's own, with port, version and skip token",
    source: recorded("can list secrets by page"),
    arrange: (scene) => setSecrets(scene, 3),
    request: { line: "GET /secrets?maxresults=2", apiVersion: "7.6" },
    expect: { status: 200, body: { nextLink: /^https:\/\/[a-z0-9-]+\.vault\.azure\.net:443\/secrets\?api-version=7\.6&\$skiptoken=[^&]+&maxresults=2$/ } },
  },
  {
    name: "list: the next page wants a token as well",
    source: spec,
    async arrange(scene) {
      await setSecrets(scene, 3);
      const { nextLink } = (await scene.must({ line: "GET /secrets?maxresults=2" })).json as { readonly nextLink: string };
      scene.words.set("nextPage", new URL(nextLink).pathname + new URL(nextLink).search);
    },
    request: { line: "GET {nextPage}", as: "nobody", apiVersion: null },
    expect: { status: 401, code: "Unauthorized" },
  },
  ...["0", "26", "-1", "many"].map(
    (size): ConformanceCase => ({ name: `list: maxresults=${size} is refused`, source: spec, request: { line: `GET /secrets?maxresults=${size}` }, expect: { status: 400, code: "BadParameter" } }),
  ),
  {
    name: "list: a deleted secret is not in it",
    source: recorded("can delete a secret"),
    async arrange(scene) {
      await setSecret(scene, "gone");
      await setSecret(scene, "stays");
      await scene.must({ line: "DELETE /secrets/gone" });
    },
    request: list,
    expect: { status: 200, body: { value: [{ id: "{vaultUrl}/secrets/stays" }], nextLink: null } },
  },
];

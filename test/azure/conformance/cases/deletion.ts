import { deletedSecret, hiddenValue, setSecret } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { documented, recorded, recordedByCli, reported, spec } from "../conformanceCase.ts";
import { absent, someNumber } from "../mismatches.ts";

const recovery = { line: "POST /deletedsecrets/key/recover" };
const purge = { line: "DELETE /deletedsecrets/key" };

/** Soft delete: what is deleted can come back, keeps its name, and is purged only where that is allowed. */
export const deletionCases: readonly ConformanceCase[] = [
  {
    name: "delete: the answer says how to get the secret back and until when",
    source: recorded("can delete a secret"),
    arrange: (scene) => setSecret(scene),
    request: { line: "DELETE /secrets/key" },
    expect: {
      status: 200,
      without: hiddenValue,
      body: { recoveryId: "{vaultUrl}/deletedsecrets/key", deletedDate: someNumber, scheduledPurgeDate: someNumber, id: "{vaultUrl}/secrets/key/{version}", value: absent, attributes: { enabled: true, created: someNumber } },
    },
  },
  {
    name: "delete: a secret that the vault does not hold",
    source: recorded("can delete a secret (non existing)"),
    request: { line: "DELETE /secrets/nothing" },
    expect: { status: 404, code: "SecretNotFound", inner: null, message: /^A secret with \(name\/id\) nothing was not found in this key vault\./ },
  },
  { name: "delete: a second time there is nothing to delete", source: recorded("can delete a secret (non existing)"), arrange: (scene) => deletedSecret(scene), request: { line: "DELETE /secrets/key" }, expect: { status: 404, code: "SecretNotFound" } },
  { name: "delete: the secret cannot be read any more", source: recorded("can delete a secret"), arrange: (scene) => deletedSecret(scene), request: { line: "GET /secrets/key" }, expect: { status: 404, code: "SecretNotFound", without: hiddenValue } },
  {
    name: "delete: its version cannot be read either",
    source: documented("Soft-delete: a deleted object is only reachable by recover, purge and the list of deleted ones"),
    arrange: (scene) => deletedSecret(scene),
    request: { line: "GET /secrets/key/{version}" },
    expect: { status: 404, code: "SecretNotFound", without: hiddenValue },
  },
  {
    name: "deleted: one of them, without its value",
    source: recorded("can get a deleted secret"),
    arrange: (scene) => deletedSecret(scene),
    request: { line: "GET /deletedsecrets/key" },
    expect: { status: 200, without: hiddenValue, body: { recoveryId: "{vaultUrl}/deletedsecrets/key", deletedDate: someNumber, scheduledPurgeDate: someNumber, id: "{vaultUrl}/secrets/key/{version}", value: absent } },
  },
  {
    name: "deleted: a secret that was never deleted",
    source: recorded("can get a deleted secret (non existing)"),
    arrange: (scene) => setSecret(scene),
    request: { line: "GET /deletedsecrets/key" },
    expect: { status: 404, code: "SecretNotFound", inner: null, message: "Deleted Secret not found: key" },
  },
  { name: "deleted: an empty list", source: recorded("can list deleted secrets"), request: { line: "GET /deletedsecrets" }, expect: { status: 200, body: { value: [], nextLink: null } } },
  {
    name: "deleted: a list has their ids without versions",
    source: recorded("can list deleted secrets by page"),
    arrange: (scene) => deletedSecret(scene),
    request: { line: "GET /deletedsecrets" },
    expect: { status: 200, without: hiddenValue, body: { value: [{ recoveryId: "{vaultUrl}/deletedsecrets/key", deletedDate: someNumber, scheduledPurgeDate: someNumber, id: "{vaultUrl}/secrets/key" }], nextLink: null } },
  },
  {
    name: "deleted: an entry of the list has its attributes and type",
    source: spec,
    async arrange(scene) {
      await setSecret(scene, "key", { contentType: "text/plain" });
      await scene.must({ line: "DELETE /secrets/key" });
    },
    request: { line: "GET /deletedsecrets" },
    expect: { status: 200, without: hiddenValue, body: { value: [{ contentType: "text/plain", attributes: { enabled: true, recoveryLevel: "Recoverable+Purgeable" } }], nextLink: null } },
  },
  {
    name: "deleted: the list comes in pages",
    source: recorded("can list deleted secrets by page"),
    async arrange(scene) {
      for (const name of ["one", "two", "three"]) await deletedSecret(scene, name);
    },
    request: { line: "GET /deletedsecrets?maxresults=2", allPages: true },
    expect: { status: 200, body: { pages: [2, 1], distinct: 3 } },
  },
  {
    name: "deleted: the name cannot be used again",
    source: reported("ObjectIsDeletedButRecoverable"),
    arrange: (scene) => deletedSecret(scene),
    request: { line: "PUT /secrets/key", body: { value: "demo value" } },
    expect: { status: 409, code: "Conflict", inner: "ObjectIsDeletedButRecoverable", message: /^Secret key is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged\./ },
  },
  {
    name: "recover: the answer is the secret, without its value",
    source: recorded("can recover a deleted secret"),
    arrange: (scene) => deletedSecret(scene),
    request: recovery,
    expect: { status: 200, without: hiddenValue, body: { id: "{vaultUrl}/secrets/key/{version}", value: absent, attributes: { enabled: true } } },
  },
  {
    name: "recover: every version is there again",
    source: recorded("can recover a deleted secret"),
    async arrange(scene) {
      await setSecret(scene);
      await deletedSecret(scene);
      await scene.must(recovery);
    },
    request: { line: "GET /secrets/key/versions", allPages: true },
    expect: { status: 200, body: { pages: [2], distinct: 2 } },
  },
  { name: "recover: a secret that was never deleted", source: recorded("can recover a deleted secret (non existing)"), request: recovery, expect: { status: 404, code: "SecretNotFound" } },
  {
    name: "recover: the dates and tags come back too",
    source: documented("Soft-delete overview: a recovered object is as it was"),
    async arrange(scene) {
      await setSecret(scene, "key", { tags: { a: "1" }, attributes: { exp: 1_900_000_000 } });
      await scene.must({ line: "DELETE /secrets/key" });
      await scene.must(recovery);
    },
    request: { line: "GET /secrets/key/versions" },
    expect: { status: 200, body: { value: [{ tags: { a: "1" }, attributes: { exp: 1_900_000_000 } }] } },
  },
  {
    name: "recover: the deleted secret is gone",
    source: recorded("can recover a deleted secret"),
    async arrange(scene) {
      await deletedSecret(scene);
      await scene.must(recovery);
    },
    request: { line: "GET /deletedsecrets/key" },
    expect: { status: 404, code: "SecretNotFound" },
  },
  { name: "purge: there is nothing to say after it", source: recorded("can get a deleted secret"), arrange: (scene) => deletedSecret(scene), request: purge, expect: { status: 204, headers: { "content-type": absent as never } } },
  {
    name: "purge: the deleted secret is gone",
    source: recorded("can purge all secrets"),
    async arrange(scene) {
      await deletedSecret(scene);
      await scene.must(purge);
    },
    request: { line: "GET /deletedsecrets/key" },
    expect: { status: 404, code: "SecretNotFound" },
  },
  {
    name: "purge: the name is free again",
    source: documented("Soft-delete overview"),
    async arrange(scene) {
      await deletedSecret(scene);
      await scene.must(purge);
    },
    request: { line: "PUT /secrets/key", body: { value: "demo value" } },
    expect: { status: 200 },
  },
  { name: "purge: a secret that is not deleted", source: recorded("can get a deleted secret (non existing)"), arrange: (scene) => setSecret(scene), request: purge, expect: { status: 404, code: "SecretNotFound" } },
  {
    name: "purge protection: a purge is refused",
    source: reported('Operation "purge" is not allowed because purge protection is enabled'),
    needs: ["purgeProtection"],
    vault: { purgeProtection: true },
    arrange: (scene) => deletedSecret(scene),
    request: purge,
    expect: { status: 403, code: "Forbidden", inner: null, message: /^Operation "purge" is not allowed because purge protection is enabled for this vault\. Key Vault service will automatically purge it after the retention period has passed\./ },
  },
  {
    name: "purge protection: a recovery is not",
    source: documented("Soft-delete overview: purge protection"),
    needs: ["purgeProtection"],
    vault: { purgeProtection: true },
    arrange: (scene) => deletedSecret(scene),
    request: recovery,
    expect: { status: 200 },
  },
  {
    name: "purge protection: the secrets say so",
    source: documented("DeletionRecoveryLevel"),
    needs: ["purgeProtection"],
    vault: { purgeProtection: true },
    arrange: (scene) => setSecret(scene),
    request: { line: "GET /secrets" },
    expect: { status: 200, body: { value: [{ attributes: { recoveryLevel: "Recoverable", recoverableDays: 90 } }] } },
  },
  {
    name: "retention: a shorter one is in every secret",
    source: recorded("can list secrets by page"),
    needs: ["retention"],
    vault: { retentionDays: 7 },
    arrange: (scene) => setSecret(scene),
    request: { line: "GET /secrets" },
    expect: { status: 200, body: { value: [{ attributes: { recoveryLevel: "CustomizedRecoverable+Purgeable", recoverableDays: 7 } }] } },
  },
  {
    name: "retention: it is over after its days",
    source: documented("Soft-delete overview: purged at the end of the retention period"),
    needs: ["retention", "clock"],
    vault: { retentionDays: 7 },
    async arrange(scene) {
      await deletedSecret(scene);
      await scene.subject.advance(7 * 86_400_000 + 60_000);
    },
    request: { line: "GET /deletedsecrets/key" },
    expect: { status: 404, code: "SecretNotFound" },
  },
  {
    name: "retention: purge protection does not make it endless",
    source: recordedByCli("test_keyvault_secret_soft_delete"),
    needs: ["retention", "clock", "purgeProtection"],
    vault: { retentionDays: 7, purgeProtection: true },
    async arrange(scene) {
      await deletedSecret(scene);
      await scene.subject.advance(7 * 86_400_000 + 60_000);
    },
    request: { line: "PUT /secrets/key", body: { value: "demo value" } },
    expect: { status: 200, body: { attributes: { recoveryLevel: "CustomizedRecoverable", recoverableDays: 7 } } },
  },
];

import { systemClock } from "../../../server/src/host/clock.ts";
import { silentLog } from "../../../server/src/host/log.ts";
import { createAzureVaultApi } from "../../../server/src/vault/azure/azureVaultApi.ts";
import { environmentSource } from "../../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Outcome, VaultApi } from "../../../server/src/vault/vaultApi.ts";
import { deletedSecret, setSecret, setSecrets } from "./arrange.ts";
import { mismatches, someNumber } from "./mismatches.ts";
import type { Scene } from "./scene.ts";
import type { Application, Capability, VaultWish } from "./subject.ts";

/** What Keyline itself does with a vault, from the token to the last page: the code that ships, Azure's host names. */
export interface Journey {
  readonly name: string;
  readonly needs: readonly Capability[];
  readonly vault?: VaultWish;
  /** Gives what went otherwise than it should. */
  readonly play: (scene: Scene) => Promise<readonly string[]>;
}

export const journeys: readonly Journey[] = [
  {
    name: "names, versions, deleted secrets and JSON keys are read",
    needs: ["entra"],
    async play(scene) {
      await setSecret(scene, "config", { value: '{"user":"demo user","endpoint":{"port":443}}' }, "config");
      await deletedSecret(scene, "gone");
      const { vaults, target, signal } = productOf(scene, scene.owner);
      return [
        ...expected({ ok: true, value: [{ name: "config", enabled: true }] }, await vaults.listSecrets(target, () => undefined, signal)),
        ...expected({ ok: true, value: [{ version: scene.words.get("config"), enabled: true, created: someNumber }] }, await vaults.listVersions(target, "config", signal)),
        ...expected({ ok: true, value: [] }, await vaults.listVersions(target, "nothing", signal)),
        ...expected({ ok: true, value: { state: "deleted", deletedOn: someNumber, scheduledPurge: someNumber } }, await vaults.deletedSecret(target, "gone", signal)),
        ...expected({ ok: true, value: { state: "absent" } }, await vaults.deletedSecret(target, "config", signal)),
        ...expected({ ok: true, value: { kind: "json", keys: [{ name: "user" }, { name: "endpoint", children: [{ name: "port" }] }] } }, await vaults.jsonShape(target, "config", undefined, signal)),
      ];
    },
  },
  {
    name: "60 names come over three pages, each handed on as it comes",
    needs: ["entra"],
    async play(scene) {
      await setSecrets(scene, 60);
      const { vaults, target, signal } = productOf(scene, scene.owner);
      const pages: number[] = [];
      const outcome = await vaults.listSecrets(target, (secrets) => pages.push(secrets.length), signal);
      return [...mismatches([25, 25, 10], pages, "the pages"), ...mismatches(60, outcome.ok ? new Set(outcome.value.map((secret) => secret.name)).size : 0, "the number of names")];
    },
  },
  {
    name: "a role that is given is enough the next time",
    needs: ["entra", "roles"],
    async play(scene) {
      const before = await list(scene, scene.guest);
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Reader");
      return [...expected({ ok: false, reason: "forbidden" }, before), ...expected({ ok: true, value: [] }, await list(scene, scene.guest))];
    },
  },
  {
    name: "a role that is taken away is missed the next time, with the same sign-in",
    needs: ["entra", "roles"],
    async play(scene) {
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Secrets User");
      const { vaults, target, signal } = productOf(scene, scene.guest);
      const before = await vaults.listSecrets(target, () => undefined, signal);
      await scene.subject.withdraw(scene.vault, scene.guest);
      const after = await vaults.listSecrets(target, () => undefined, signal);
      return [...expected({ ok: true, value: [] }, before), ...expected({ ok: false, reason: "forbidden" }, after)];
    },
  },
  {
    name: "a Reader of names is not let to a value",
    needs: ["entra", "roles"],
    async play(scene) {
      await setSecret(scene, "config", { value: '{"user":"demo user"}' });
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Reader");
      const { vaults, target, signal } = productOf(scene, scene.guest);
      return [
        ...expected({ ok: true, value: [{ name: "config" }] }, await vaults.listSecrets(target, () => undefined, signal)),
        ...expected({ ok: false, reason: "forbidden" }, await vaults.jsonShape(target, "config", undefined, signal)),
      ];
    },
  },
  {
    name: "an access policy that is given is enough the next time",
    needs: ["entra", "policies"],
    vault: { access: "policies" },
    async play(scene) {
      const before = await list(scene, scene.guest);
      await scene.subject.grantPolicy(scene.vault, scene.guest, ["list"]);
      return [...expected({ ok: false, reason: "forbidden" }, before), ...expected({ ok: true, value: [] }, await list(scene, scene.guest))];
    },
  },
  {
    name: "a wrong client secret is no sign-in",
    needs: ["entra"],
    play: async (scene) => expected({ ok: false, reason: "credential-refused" }, await list(scene, { ...scene.owner, clientSecret: "wrong-secret-not-real" })),
  },
  {
    name: "a vault of another tenant than the connector names is told",
    needs: ["entra"],
    async play(scene) {
      const { vaults, target, signal } = productOf(scene, scene.owner);
      return expected({ ok: false, reason: "wrong-tenant" }, await vaults.listSecrets({ ...target, tenant: "11111111-2222-3333-4444-555555555555" }, () => undefined, signal));
    },
  },
];

interface Product {
  readonly vaults: VaultApi;
  readonly target: VaultTarget;
  readonly signal: AbortSignal;
}

/** Keyline as it ships, signed in as one application. What else it can do with a vault joins `vaults` here. */
function productOf(scene: Scene, application: Application): Product {
  const environment = { AZURE_TENANT_ID: scene.subject.tenant, AZURE_CLIENT_ID: application.clientId, AZURE_CLIENT_SECRET: application.clientSecret };
  const tokens = createTokenBroker({ source: environmentSource(environment), clock: systemClock, log: silentLog });
  return {
    vaults: createAzureVaultApi({ tokens, clock: systemClock, log: silentLog }),
    target: { name: scene.vault.name, cloud: "public", tenant: scene.subject.tenant },
    signal: new AbortController().signal,
  };
}

function list(scene: Scene, application: Application): Promise<Outcome<unknown>> {
  const { vaults, target, signal } = productOf(scene, application);
  return vaults.listSecrets(target, () => undefined, signal);
}

function expected(wanted: unknown, outcome: Outcome<unknown>): string[] {
  return mismatches(wanted, outcome, "the outcome");
}

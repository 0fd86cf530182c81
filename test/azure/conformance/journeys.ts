import { systemClock } from "../../../server/src/host/clock.ts";
import { silentLog } from "../../../server/src/host/log.ts";
import { createResourceManagerApi } from "../../../server/src/vault/azure/azureResourceManagerApi.ts";
import { createAzureVaultApi } from "../../../server/src/vault/azure/azureVaultApi.ts";
import { createVaultTestApi } from "../../../server/src/vault/azure/azureVaultTestApi.ts";
import { environmentSource } from "../../../server/src/vault/azure/credentials.ts";
import { createTokenBroker } from "../../../server/src/vault/azure/tokenBroker.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { ResourceManagerApi, ResourceManagerLogin } from "../../../server/src/vault/resourceManagerApi.ts";
import type { VaultTestApi } from "../../../server/src/vault/vaultTestApi.ts";
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
  {
    name: "Fetch Vault lists nothing without Reader, and the vault with it",
    needs: ["entra", "resourceManager"],
    async play(scene) {
      const { manager, login, signal } = productOf(scene, scene.guest);
      const { subscription } = scene.subject;
      const before = await manager.listVaults(login, subscription, () => undefined, signal);
      await scene.subject.grantReader(scene.guest);
      const seen = await manager.listSubscriptions(login, signal);
      const after = await manager.listVaults(login, subscription, () => undefined, signal);
      const names = after.ok ? after.value.map(({ name }) => name) : [];
      return [
        ...expected({ ok: false, reason: "forbidden" }, before),
        ...mismatches([subscription], seen.ok ? seen.value.map(({ id }) => id).filter((id) => id === subscription) : [], "the subscription"),
        ...mismatches([scene.vault.name], names.filter((name) => name === scene.vault.name), "the vault"),
        ...expected({ ok: true, value: false }, await manager.isVaultNameFree(login, subscription, scene.vault.name, signal)),
        ...expected({ ok: true, value: true }, await manager.isVaultNameFree(login, subscription, "nobody-uses-this-kv", signal)),
      ];
    },
  },
  {
    name: "the read test needs a role, and passes once it is given",
    needs: ["entra", "roles"],
    async play(scene) {
      const { tests, target, signal } = productOf(scene, scene.guest);
      const before = await tests.read(target, signal);
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Secrets User");
      return [
        ...expected({ ok: false, reason: "forbidden", cause: "rbac" }, before),
        ...expected({ ok: true, value: { tenant: scene.subject.tenant, holdsSecrets: false } }, await tests.read(target, signal)),
      ];
    },
  },
  {
    name: "the write test is refused to a reader of secrets, and leaves nothing where it is allowed",
    needs: ["entra", "roles"],
    async play(scene) {
      const { tests, vaults, target, signal } = productOf(scene, scene.guest);
      const steps: string[] = [];
      const write = (id: string) =>
        tests.write(target, { id, name: `harness-test-${id.padStart(16, "0")}` }, (step) => {
          steps.push(step);
          return Promise.resolve();
        }, signal);
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Secrets User");
      const refused = await write("1");
      await scene.subject.grantRole(scene.vault, scene.guest, "Key Vault Secrets Officer");
      const passed = await write("2");
      return [
        ...expected({ ok: true, value: { write: "rbac" } }, refused),
        ...expected({ ok: true, value: {} }, passed),
        ...mismatches(["write", "done", "write", "delete", "purge", "done"], steps, "the steps"),
        ...expected({ ok: true, value: [] }, await vaults.listSecrets(target, () => undefined, signal)),
        ...expected({ ok: true, value: [] }, await tests.leftOvers(target, signal)),
      ];
    },
  },
  {
    name: "the write test in a vault with purge protection says what stays",
    needs: ["entra", "roles", "purgeProtection"],
    vault: { purgeProtection: true },
    async play(scene) {
      const { tests, target, signal } = productOf(scene, scene.owner);
      const passed = await tests.write(target, { id: "1", name: "harness-test-00000000000000ab" }, () => Promise.resolve(), signal);
      return expected({ ok: true, value: { cleanUp: { step: "purge", cause: "purge-protection" } } }, passed);
    },
  },
];

interface Product {
  readonly tests: VaultTestApi;
  readonly manager: ResourceManagerApi;
  readonly login: ResourceManagerLogin;
  readonly vaults: VaultApi;
  readonly target: VaultTarget;
  readonly signal: AbortSignal;
}

/** Keyline as it ships, signed in as one application. */
function productOf(scene: Scene, application: Application): Product {
  const environment = { AZURE_TENANT_ID: scene.subject.tenant, AZURE_CLIENT_ID: application.clientId, AZURE_CLIENT_SECRET: application.clientSecret };
  const tokens = createTokenBroker({ source: environmentSource(environment), clock: systemClock, log: silentLog });
  const options = { tokens, clock: systemClock, log: silentLog };
  return {
    vaults: createAzureVaultApi(options),
    tests: createVaultTestApi(options),
    manager: createResourceManagerApi(options),
    login: { cloud: "public", tenant: scene.subject.tenant, credential: { kind: "environment" } },
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

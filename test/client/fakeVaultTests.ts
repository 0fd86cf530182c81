import type { VaultTarget } from "../../server/src/core/model/vaultTarget.ts";
import type { FaultCause } from "../../server/src/vault/faultCause.ts";
import type { Outcome } from "../../server/src/vault/vaultApi.ts";
import type { LeftOver, ReadTest, VaultTestApi, WriteStep, WriteTest } from "../../server/src/vault/vaultTestApi.ts";

/** What the fake answers; without it, everything succeeds. */
export interface FakeVaultScript {
  readonly read?: Outcome<ReadTest>;
  /** The answer to PUT. */
  readonly refuseWrite?: FaultCause;
  /** The answer to DELETE, or to the purge. */
  readonly refuseCleanUp?: { readonly step: "delete" | "purge"; readonly cause: FaultCause };
  /** The end of a write test that has no answer, told before anything is written. */
  readonly failWrite?: Outcome<WriteTest>;
  /** The same, after the step was told. */
  readonly loseAt?: WriteStep;
  readonly leftOvers?: Outcome<readonly LeftOver[]>;
  readonly remove?: Readonly<Record<string, Outcome<WriteTest>>>;
  /** Awaited before and after each request that changes the vault, and before each answer: a place for a crash. */
  readonly point?: (label: string) => Promise<void>;
}

export interface FakeVaultTests extends VaultTestApi {
  /** Every request, as `read shop-vault` or `PUT shop-vault harness-test-…`. */
  readonly requests: string[];
  /** The secrets in the vault that write tests have made. */
  readonly secrets: Map<string, "living" | "deleted">;
  readonly runs: string[];
}

export const tenantOfVault = "11111111-2222-3333-4444-555555555555";
const nowhere = (): Promise<void> => Promise.resolve();

/** A vault of one kind of test, scripted. It keeps the order of steps that the interface promises. */
export function createFakeVaultTests(script: FakeVaultScript = {}, secrets = new Map<string, "living" | "deleted">()): FakeVaultTests {
  const requests: string[] = [];
  const runs: string[] = [];
  const point = script.point ?? nowhere;
  const request = async (text: string): Promise<void> => {
    await point(`before ${text}`);
    requests.push(text);
  };

  async function cleanUp(vault: VaultTarget, name: string, onStep: (step: WriteStep) => PromiseLike<void>): Promise<WriteTest["cleanUp"]> {
    const refusal = script.refuseCleanUp;
    if (refusal?.step === "delete") return refusal;
    await request(`DELETE ${vault.name} ${name}`);
    secrets.set(name, "deleted");
    await point("after DELETE");
    if (refusal !== undefined) return refusal;
    await onStep("purge");
    await request(`purge ${vault.name} ${name}`);
    secrets.delete(name);
    await point("after purge");
    return undefined;
  }

  return {
    requests,
    secrets,
    runs,
    read: async (vault, signal) => {
      await request(`read ${vault.name}`);
      if (signal.aborted) return cancelled;
      return script.read ?? { ok: true, value: { tenant: tenantOfVault, holdsSecrets: true } };
    },
    write: async (vault, { id, name }, onStep, signal) => {
      await request(`read ${vault.name}`);
      if (script.failWrite !== undefined) return script.failWrite;
      await onStep("write");
      if (signal.aborted) {
        await onStep("done");
        return cancelled;
      }
      await request(`PUT ${vault.name} ${name}`);
      if (script.loseAt === "write") return lost;
      if (script.refuseWrite !== undefined) {
        await onStep("done");
        return { ok: true, value: { write: script.refuseWrite } };
      }
      secrets.set(name, "living");
      runs.push(id);
      await point("after PUT");
      await onStep("delete");
      if (script.loseAt === "delete") return lost;
      const left = await cleanUp(vault, name, onStep);
      if (left === undefined || left.cause === "purge-protection") await onStep("done");
      await point("before the answer");
      return { ok: true, value: left === undefined ? {} : { cleanUp: left } };
    },
    leftOvers: async (vault, signal) => {
      await request(`list ${vault.name}`);
      if (signal.aborted) return cancelled;
      const found = [...secrets].map(([name, state]) => ({ name, run: "0".repeat(32), deleted: state === "deleted" }));
      return script.leftOvers ?? { ok: true, value: found };
    },
    remove: async (vault, { name }) => {
      await request(`remove ${vault.name} ${name}`);
      const answer = script.remove?.[name] ?? { ok: true, value: {} };
      if (answer.ok && answer.value.cleanUp === undefined) secrets.delete(name);
      return answer;
    },
  };
}

const cancelled = { ok: false, reason: "loading", cause: "cancelled" } as const;
const lost = { ok: false, reason: "unreachable", cause: "unreachable" } as const;

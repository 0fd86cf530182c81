import type { DeletedEntry, UnknownReason } from "../../../server/src/core/model/facts.ts";
import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { vaultKey } from "../../../server/src/core/model/vaultTarget.ts";
import type { VaultApi } from "../../../server/src/vault/vaultApi.ts";

/** What is known of a vault's deleted secrets. While they are read, what has come so far is shown. */
export interface DeletedList {
  readonly secrets: readonly DeletedEntry[];
  readonly state: "reading" | "complete" | { readonly failed: UnknownReason };
}

/** The deleted secrets of vaults, read when somebody opens them. */
export interface DeletedLists {
  /** Undefined where nobody has asked. */
  known(vault: VaultTarget): DeletedList | undefined;
  /** Reads the list, unless it is being read, or known and not old. One that is opened again is read again. */
  open(vault: VaultTarget): void;
  /** What is known is old. It is read again where somebody has it open. */
  changed(vault?: VaultTarget): void;
  close(vault: VaultTarget): void;
  /** Called after any change. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
  dispose(): void;
}

interface Entry {
  readonly vault: VaultTarget;
  list: DeletedList;
  flight: AbortController | undefined;
  isOpen: boolean;
  /** When the last reading ended, epoch milliseconds. */
  at: number;
}

/** As long as other facts of a vault are good for, and as failures are. */
const freshMs = 240_000;
const failureMs = 120_000;

export function createDeletedLists(api: Pick<VaultApi, "listDeleted">, mayCall: (vault: VaultTarget) => boolean, now: () => number): DeletedLists {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();

  function set(entry: Entry, list: DeletedList): void {
    entry.list = list;
    for (const listener of [...listeners]) listener();
  }

  async function read(entry: Entry): Promise<void> {
    const flight = new AbortController();
    entry.flight?.abort();
    entry.flight = flight;
    let sofar: readonly DeletedEntry[] = [];
    entry.list = { secrets: entry.list.secrets, state: "reading" };
    const outcome = await api.listDeleted(
      entry.vault,
      (page) => {
        sofar = [...sofar, ...page];
        if (entry.flight === flight) set(entry, { secrets: sofar, state: "reading" });
      },
      flight.signal,
    );
    if (entry.flight !== flight) return;
    entry.flight = undefined;
    entry.at = now();
    set(entry, outcome.ok ? { secrets: outcome.value, state: "complete" } : { secrets: sofar, state: { failed: outcome.reason } });
  }

  function drop(key: string, entry: Entry): void {
    entry.flight?.abort();
    entry.flight = undefined;
    entries.delete(key);
  }

  /** Every refresh of the tree asks for what is open. */
  function isOld({ list, flight, isOpen, at }: Entry): boolean {
    if (flight !== undefined) return false;
    return !isOpen || Math.abs(now() - at) >= (list.state === "complete" ? freshMs : failureMs);
  }

  return {
    known: (vault) => entries.get(vaultKey(vault))?.list,
    open: (vault) => {
      const key = vaultKey(vault);
      const known = entries.get(key);
      if (known !== undefined) {
        const mustRead = isOld(known) && mayCall(vault);
        known.isOpen = true;
        if (mustRead) void read(known);
        return;
      }
      if (!mayCall(vault)) return;
      const entry: Entry = { vault, list: { secrets: [], state: "reading" }, flight: undefined, isOpen: true, at: 0 };
      entries.set(key, entry);
      void read(entry);
    },
    changed: (vault) => {
      for (const [key, entry] of entries) {
        if (vault !== undefined && key !== vaultKey(vault)) continue;
        if (entry.isOpen && mayCall(entry.vault)) void read(entry);
        else drop(key, entry);
      }
    },
    close: (vault) => {
      const entry = entries.get(vaultKey(vault));
      if (entry !== undefined) entry.isOpen = false;
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => {
      for (const [key, entry] of entries) drop(key, entry);
      listeners.clear();
    },
  };
}

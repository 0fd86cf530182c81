/** How far the answer to a question is known. */
export interface ServerKnowledge<T> {
  /** The last answer; kept while a new server starts, gone while none runs. */
  readonly last?: T;
  /** False before the running server's first answer. */
  readonly answered: boolean;
  /** True while the language server does not run. */
  readonly stopped: boolean;
}

/** What the server answers to one question about the whole workspace, asked for anew while somebody looks. */
export interface ServerAnswer<T> {
  known(): ServerKnowledge<T>;
  /** Asks now. The last answer where the server does not run. */
  load(): Promise<T | undefined>;
  /** Whether `viewer` looks. Nothing is asked for while nobody does. */
  setVisible(viewer: string, visible: boolean): void;
  /** The server says that its last answer is old. */
  outdated(): void;
  serverStarted(): void;
  serverStopped(): void;
  /** Called after any change of `known()`. Returns the function that stops it. */
  onDidChange(listener: () => void): () => void;
}

/** `request` rejects where the server does not run. */
export function createServerAnswer<T>(request: () => Promise<T>): ServerAnswer<T> {
  const listeners = new Set<() => void>();
  let known: ServerKnowledge<T> = { answered: false, stopped: false };
  const viewers = new Set<string>();
  let isOld = true;
  let refreshing = false;
  /** Answers count in the order in which they were asked for. */
  let asked = 0;
  let taken = 0;

  function set(next: ServerKnowledge<T>): void {
    known = next;
    for (const listener of [...listeners]) listener();
  }

  async function load(): Promise<T | undefined> {
    const turn = ++asked;
    isOld = false;
    let answer: T;
    try {
      answer = await request();
    } catch {
      // Whether the server has stopped is told by its state.
      isOld = true;
      return known.last;
    }
    if (turn > taken) {
      taken = turn;
      set({ last: answer, answered: true, stopped: false });
    }
    return answer;
  }

  /** One at a time; what becomes old meanwhile is asked for once more. */
  async function refresh(): Promise<void> {
    if (refreshing) return;
    refreshing = true;
    try {
      while (viewers.size > 0 && isOld && !known.stopped) {
        const before = taken;
        await load();
        if (taken === before) break;
      }
    } finally {
      refreshing = false;
    }
  }

  return {
    known: () => known,
    load,
    setVisible: (viewer, visible) => {
      if (visible) viewers.add(viewer);
      else viewers.delete(viewer);
      void refresh();
    },
    outdated: () => {
      isOld = true;
      void refresh();
    },
    serverStarted: () => {
      isOld = true;
      set({ ...known, answered: false, stopped: false });
      void refresh();
    },
    serverStopped: () => {
      // An answer of the server that is gone is not waited for.
      taken = asked;
      isOld = true;
      set({ answered: false, stopped: true });
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

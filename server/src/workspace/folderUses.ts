import type { FileUses } from "./fileUses.ts";

/**
 * The references of a folder's files, compact. What is open wins over what is on disk. A file whose references could
 * not be read is remembered: then a use that is not listed may still exist.
 */
export class FolderUses {
  /** By path relative to the folder, for files without a reference too: they have been read. */
  readonly #onDisk = new Map<string, FileUses>();
  readonly #open = new Map<string, FileUses>();
  readonly #unread = new Set<string>();
  #version = 0;

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** True where the file has been looked at since it was last forgotten. */
  hasRead(key: string): boolean {
    return this.#onDisk.has(key) || this.#unread.has(key);
  }

  /** What the disk says of a file; undefined where it could not be read. */
  put(key: string, uses: FileUses | undefined): void {
    const before = this.#onDisk.get(key);
    this.#unread.delete(key);
    if (uses === undefined) {
      this.#onDisk.delete(key);
      this.#unread.add(key);
    } else this.#onDisk.set(key, uses);
    if (uses === undefined || !hasSameReferences(before, uses)) this.#version += 1;
  }

  forget(key: string): void {
    if (this.#onDisk.delete(key) || this.#unread.delete(key)) this.#version += 1;
  }

  /** What an open text says; undefined once it is closed, and while its text tells less than the disk. */
  setOpen(key: string, uses: FileUses | undefined): void {
    const before = this.#of(key);
    if (uses === undefined) this.#open.delete(key);
    else this.#open.set(key, uses);
    if (!hasSameReferences(before, this.#of(key))) this.#version += 1;
  }

  /** In order of path. */
  all(includes: (key: string) => boolean): readonly FileUses[] {
    const keys = [...new Set([...this.#onDisk.keys(), ...this.#open.keys()])].sort();
    return keys.flatMap((key) => {
      const uses = this.#of(key);
      return uses === undefined || uses.references.length === 0 || !includes(key) ? [] : [uses];
    });
  }

  allRead(): boolean {
    return [...this.#unread].every((key) => this.#open.has(key));
  }

  #of(key: string): FileUses | undefined {
    return this.#open.get(key) ?? this.#onDisk.get(key);
  }
}

function hasSameReferences(one: FileUses | undefined, other: FileUses | undefined): boolean {
  const isEmpty = (uses: FileUses | undefined): boolean => (uses?.references.length ?? 0) === 0;
  if (isEmpty(one) && isEmpty(other)) return true;
  return JSON.stringify(one) === JSON.stringify(other);
}

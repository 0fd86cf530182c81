import { join } from "node:path";
import type { FileRole } from "../core/index.ts";
import type { Files } from "../host/files.ts";
import { discover } from "./discover.ts";
import type { FileFilter } from "./fileFilter.ts";
import { FileRoles, isKustomization, tellsRoles } from "./fileRoles.ts";
import { pathInside } from "./pathInside.ts";
import { readDocument } from "./readDocument.ts";

/** Keeps up with the files of a folder that tell which role others play. */
export class FolderRoles {
  readonly #files: Files;
  #roles = new FileRoles();
  #noted: string[] = [];

  constructor(files: Files) {
    this.#files = files;
  }

  of(relativePath: string): FileRole {
    return this.#roles.of(relativePath);
  }

  /** The same filter, which notes on the way what `readNoted` is to read: what a filter leaves out tells of other files all the same. */
  noting(filter: FileFilter): FileFilter {
    this.#noted = [];
    return (path) => {
      if (tellsRoles(path)) this.#noted.push(path);
      return filter(path);
    };
  }

  /** Puts what was noted in place of all that was known. */
  async readNoted(root: string): Promise<void> {
    const roles = new FileRoles();
    for (const path of this.#noted) await this.#read(roles, root, path);
    this.#roles = roles;
  }

  /** A file was made, changed or removed. */
  async reread(root: string, relativePath: string): Promise<void> {
    await this.#read(this.#roles, root, relativePath);
  }

  forgetBelow(relativePath: string): void {
    this.#roles.forgetBelow(relativePath);
  }

  async #read(roles: FileRoles, root: string, path: string): Promise<void> {
    roles.forget(path);
    const target = await this.#files.realPath(join(root, path));
    if (!target.ok || pathInside(root, target.value) === undefined) return;
    if (!isKustomization(path)) {
      roles.putChart(path);
      return;
    }
    const read = await readDocument(this.#files, target.value);
    if (read.ok) roles.putKustomization(path, read.text);
  }
}

/** The roles of all files below a root, whose links are resolved. */
export async function readFolderRoles(files: Files, root: string): Promise<FolderRoles> {
  const roles = new FolderRoles(files);
  await discover(files, root, roles.noting(() => false));
  await roles.readNoted(root);
  return roles;
}

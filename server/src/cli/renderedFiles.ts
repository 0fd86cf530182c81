import type { Analysis } from "../core/index.ts";
import { analyze } from "../core/index.ts";
import type { Files } from "../host/files.ts";
import type { FolderRoles } from "../workspace/folderRoles.ts";
import { readFolderRoles } from "../workspace/folderRoles.ts";
import { pathInside } from "../workspace/pathInside.ts";

/** Analyses files with what the files around them tell. Those are looked for once, and only where a comment could hold an expression. */
export class RenderedFiles {
  readonly #files: Files;
  /** By root. */
  readonly #roles = new Map<string, Promise<FolderRoles>>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** `root` and `path` have their links resolved. */
  async analyze(uri: string, text: string, { root, path }: { readonly root: string; readonly path: string }): Promise<Analysis> {
    const analysis = analyze(uri, text);
    const below = pathInside(root, path);
    if (analysis.isHarness || analysis.tooLarge || below === undefined || !text.includes("<+") || !text.includes("#")) return analysis;
    const roles = this.#roles.get(root) ?? readFolderRoles(this.#files, root);
    this.#roles.set(root, roles);
    const role = (await roles).of(below);
    return role.rendered === true ? analyze(uri, text, role) : analysis;
  }
}

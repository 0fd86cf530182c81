import type { Entity, KeylineConfig } from "../core/index.ts";
import { WorkspaceModel } from "../core/index.ts";
import { append } from "../core/model/append.ts";
import type { DiscoveredFile, Discovery } from "../workspace/discover.ts";
import { isSkippedPath, mayHide } from "../workspace/discover.ts";
import { fileFilter } from "../workspace/fileFilter.ts";
import { fileScopes } from "../workspace/fileScopes.ts";
import { pathOfUri } from "../workspace/fileUri.ts";
import { pathInside } from "../workspace/pathInside.ts";

/** What one file defines; undefined where it may define something that could not be read. */
export type ReadEntities = readonly Entity[] | undefined;

/**
 * The connectors and secrets of a run's root, by the relative paths of their files: the order in which files are read,
 * and so that of the paths on the command line, makes no difference.
 */
export class RootEntities {
  readonly #root: string;
  readonly #config: KeylineConfig;
  /** By real path, in the order of their relative paths: a file counts once, however many links show it. */
  readonly #listed = new Map<string, DiscoveredFile>();
  readonly #read = new Map<string, ReadEntities>();
  #mayHide = false;
  #model: WorkspaceModel | undefined;

  constructor(root: string, config: KeylineConfig) {
    this.#root = root;
    this.#config = config;
  }

  /** Takes the files of the whole root, less what include and exclude leave out. */
  list(discovery: Discovery): void {
    for (const file of discovery.files) if (!this.#listed.has(file.realPath)) this.#listed.set(file.realPath, file);
    this.#mayHide = discovery.problems.length > 0 || discovery.skipped.some(({ problem }) => mayHide(problem));
  }

  /** The path below the root by which a file is known, whichever path leads to it. */
  ownPath(realPath: string): string {
    return this.#listed.get(realPath)?.path ?? realPath;
  }

  /** The globs under `scopes` that match none of the listed files. */
  unusedScopes(): readonly string[] {
    const paths = [...this.#listed.values()].map(({ relativePath }) => relativePath);
    return this.#config.scopes.map(({ files }) => files).filter((files) => !paths.some(fileFilter([files], [])));
  }

  put(realPath: string, entities: ReadEntities): void {
    this.#read.set(realPath, entities);
  }

  /** What `put` has not yet been told of. */
  unread(): readonly DiscoveredFile[] {
    return [...this.#listed.values()].filter(({ realPath }) => !this.#read.has(realPath));
  }

  /**
   * What a file is judged with: all of the root. A file that is named though include and exclude leave it out knows its
   * own entities too, and no other file does; what lies beside one in a folder that is never looked into is not known.
   */
  modelOf(realPath: string): WorkspaceModel {
    const own = this.#read.get(realPath) ?? [];
    const relativePath = pathInside(this.#root, realPath) ?? "";
    if (this.#listed.has(realPath)) return this.#shared();
    const isKnown = this.#read.get(realPath) !== undefined && !isSkippedPath(relativePath);
    if (isKnown && own.length === 0) return this.#shared();
    return this.#build(isKnown && this.#isWhole(), { relativePath, entities: own });
  }

  #shared(): WorkspaceModel {
    this.#model ??= this.#build(this.#isWhole());
    return this.#model;
  }

  /** A file that could not be read may define anything: then no scope is known to the last. */
  #isWhole(): boolean {
    return !this.#mayHide && [...this.#listed.keys()].every((realPath) => this.#read.get(realPath) !== undefined);
  }

  #build(isWhole: boolean, more?: { readonly relativePath: string; readonly entities: readonly Entity[] }): WorkspaceModel {
    const files = [...this.#listed.values()].map(({ relativePath, realPath }) => ({ relativePath, entities: this.#read.get(realPath) ?? [] }));
    if (more !== undefined) {
      const next = files.findIndex(({ relativePath }) => relativePath > more.relativePath);
      files.splice(next < 0 ? files.length : next, 0, more);
    }
    const entities: Entity[] = [];
    for (const file of files) append(entities, file.entities);
    const scopes = fileScopes(this.#config.scopes);
    return new WorkspaceModel(isWhole ? this.#config : { ...this.#config, complete: [] }, entities, (uri) => {
      const path = pathOfUri(uri);
      const below = path === undefined ? undefined : pathInside(this.#root, path);
      return below === undefined ? undefined : scopes(below);
    });
  }
}

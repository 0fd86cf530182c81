import { join } from "node:path";
import type { Entity } from "../core/index.ts";
import { WorkspaceModel } from "../core/index.ts";
import { append } from "../core/model/append.ts";
import type { Files } from "../host/files.ts";
import type { ConfigFile } from "./configFile.ts";
import { configFileName, configFromText, noConfig, readFolderConfig } from "./configFile.ts";
import { discover, isFoundByItself, isSkippedPath, isYamlPath } from "./discover.ts";
import { fileEntities } from "./fileEntities.ts";
import type { FileFilter } from "./fileFilter.ts";
import { everyFile, fileFilter } from "./fileFilter.ts";
import { fileUri } from "./fileUri.ts";
import { pathInside } from "./pathInside.ts";

export interface WorkspaceFolderOptions {
  /** As the client names the folder; undefined for a folder that is not on this machine's disk: only open text counts then. */
  readonly path: string | undefined;
  readonly uri: string;
  readonly files: Files;
  /** Called after the model may have changed by what was read from disk. */
  readonly onDidChange: () => void;
}

const parallelReads = 8;

/**
 * The entities and the keyline.jsonc of one workspace folder. Keeps entities, neither texts nor trees.
 *
 * Invariants: nothing is read from disk before `start`. What is open wins over what is on disk. Until all files
 * have been read, and while one cannot be, no scope counts as complete: unknown is not empty.
 */
export class WorkspaceFolder {
  readonly uri: string;
  readonly path: string | undefined;
  readonly #options: WorkspaceFolderOptions;
  /** By path relative to the folder; files without entities are left out. */
  readonly #onDisk = new Map<string, readonly Entity[]>();
  readonly #open = new Map<string, readonly Entity[]>();
  readonly #unread = new Set<string>();
  #diskConfig: ConfigFile;
  #openConfig: ConfigFile | undefined;
  #filter: { readonly of: ConfigFile; readonly filter: FileFilter } | undefined;
  #model: WorkspaceModel | undefined;
  #started = false;
  #scanned = false;
  #listProblems = 0;
  #scan = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #pending = 0;

  constructor(options: WorkspaceFolderOptions) {
    this.#options = options;
    this.uri = options.uri;
    this.path = options.path;
    this.#diskConfig = noConfig(this.configUri());
  }

  configUri(): string {
    return this.path === undefined ? `${this.uri.replace(/\/$/, "")}/${configFileName}` : fileUri(join(this.path, configFileName));
  }

  /** The configuration that counts now. */
  config(): ConfigFile {
    return this.#openConfig ?? this.#diskConfig;
  }

  /** The key of a document of this folder, or undefined where it lies outside. */
  relativePath(path: string): string | undefined {
    return this.path === undefined ? undefined : pathInside(this.path, path);
  }

  /** False for a file that keyline.jsonc leaves out. */
  includes(relativePath: string): boolean {
    const config = this.config();
    if (this.#filter?.of !== config) this.#filter = { of: config, filter: fileFilter(config.config.include, config.config.exclude) };
    return this.#filter.filter(relativePath);
  }

  model(): WorkspaceModel {
    this.#model ??= this.#buildModel();
    return this.#model;
  }

  /** Begins to read the folder, in the background. Calling it again does nothing. */
  start(): void {
    if (this.#started || this.path === undefined) return;
    this.#started = true;
    this.#enqueue(() => this.#readAll());
  }

  /** Resolves when all that was begun so far has been read. */
  async settled(): Promise<void> {
    while (this.#pending > 0) await this.#work;
  }

  /** A file of the folder was made, changed or removed on disk. */
  fileChanged(path: string): void {
    const relativePath = this.relativePath(path);
    if (!this.#started || relativePath === undefined || isSkippedPath(relativePath)) return;
    if (relativePath === configFileName) this.#enqueue(() => this.#rereadConfig());
    else if (isYamlPath(relativePath)) this.#enqueue(() => this.#rereadFile(relativePath));
    else this.#enqueue(() => this.#forgetBelow(relativePath));
  }

  /** What an open document defines; undefined once it is closed, and while its text tells less than the disk. `key` is its relative path, or its URI outside any disk. */
  setOpenEntities(key: string, entities: readonly Entity[] | undefined): void {
    const before = this.#open.get(key);
    if (entities === undefined) this.#open.delete(key);
    else this.#open.set(key, entities);
    const wasEmpty = (before?.length ?? 0) === 0 && (entities?.length ?? 0) === 0;
    if (!wasEmpty || this.#onDisk.has(key)) this.#model = undefined;
  }

  /** The text of keyline.jsonc in the editor; undefined once it is closed. */
  setOpenConfig(text: string | undefined): void {
    const before = this.config();
    this.#openConfig = text === undefined ? undefined : configFromText(this.configUri(), text);
    this.#model = undefined;
    this.#rescanIfFilterChanged(before);
  }

  dispose(): void {
    this.#scan.abort();
    this.#started = false;
  }

  #buildModel(): WorkspaceModel {
    const entities: Entity[] = [];
    const keys = [...new Set([...this.#onDisk.keys(), ...this.#open.keys()])].sort();
    for (const key of keys) {
      if (this.includes(key)) append(entities, this.#open.get(key) ?? this.#onDisk.get(key) ?? []);
    }
    const { config } = this.config();
    const allRead = this.#scanned && this.#listProblems === 0 && [...this.#unread].every((key) => this.#open.has(key));
    return new WorkspaceModel(allRead ? config : { ...config, complete: [] }, entities);
  }

  async #readAll(): Promise<void> {
    const root = await this.#root();
    if (root === undefined) return;
    const { signal } = this.#scan;
    this.#diskConfig = await readFolderConfig(this.#options.files, root, this.configUri());
    this.#model = undefined;
    const { include, exclude } = this.config().config;
    const discovery = await discover(this.#options.files, root, include.length + exclude.length === 0 ? everyFile : (path) => this.includes(path), signal);
    const found = new Set(discovery.files.map((file) => file.relativePath));
    for (const key of [...this.#onDisk.keys(), ...this.#unread]) if (!found.has(key)) this.#forget(key);
    let next = 0;
    const readSome = async (): Promise<void> => {
      for (let file = discovery.files[next++]; file !== undefined && !signal.aborted; file = discovery.files[next++]) {
        await this.#readFile(file.path, file.relativePath);
      }
    };
    await Promise.all(Array.from({ length: parallelReads }, readSome));
    this.#listProblems = discovery.problems.length;
    if (!signal.aborted) this.#scanned = true;
  }

  async #readFile(path: string, relativePath: string): Promise<void> {
    const read = await fileEntities(this.#options.files, path, fileUri(join(this.path ?? "", relativePath)));
    this.#forget(relativePath);
    if (!read.ok) {
      if (read.problem !== "not-found") this.#unread.add(relativePath);
    } else if (read.entities.length > 0) this.#onDisk.set(relativePath, read.entities);
  }

  async #rereadFile(relativePath: string): Promise<void> {
    const root = await this.#root();
    if (root === undefined || !this.includes(relativePath)) return;
    const path = join(root, relativePath);
    const target = await this.#options.files.realPath(path);
    const inside = target.ok ? pathInside(root, target.value) : undefined;
    const isLinkToOther = inside !== relativePath && inside !== undefined && isFoundByItself(inside);
    if (!target.ok || inside === undefined || isLinkToOther) this.#forget(relativePath);
    else await this.#readFile(target.value, relativePath);
  }

  async #rereadConfig(): Promise<void> {
    const root = await this.#root();
    if (root === undefined) return;
    const before = this.config();
    this.#diskConfig = await readFolderConfig(this.#options.files, root, this.configUri());
    this.#rescanIfFilterChanged(before);
  }

  /** A folder that was removed is told by its own name alone. */
  async #forgetBelow(relativePath: string): Promise<void> {
    const root = await this.#root();
    if (root === undefined || (await this.#options.files.kind(join(root, relativePath))).ok) return;
    for (const key of [...this.#onDisk.keys(), ...this.#unread]) if (key.startsWith(`${relativePath}/`)) this.#forget(key);
  }

  #forget(relativePath: string): void {
    this.#onDisk.delete(relativePath);
    this.#unread.delete(relativePath);
  }

  #rescanIfFilterChanged(before: ConfigFile): void {
    const globs = ({ config }: ConfigFile): string => JSON.stringify([config.include, config.exclude]);
    if (!this.#started || globs(before) === globs(this.config())) return;
    this.#scan.abort();
    this.#scan = new AbortController();
    this.#scanned = false;
    this.#enqueue(() => this.#readAll());
  }

  async #root(): Promise<string | undefined> {
    if (this.path === undefined || !this.#started) return undefined;
    const root = await this.#options.files.realPath(this.path);
    return root.ok ? root.value : undefined;
  }

  /** One thing at a time, in order; listeners hear of a burst once, at its end. */
  #enqueue(task: () => Promise<void>): void {
    this.#pending += 1;
    this.#work = this.#work.then(async () => {
      await task();
      this.#pending -= 1;
      this.#model = undefined;
      if (this.#pending === 0 && this.#started) this.#options.onDidChange();
    });
  }
}

import { join } from "node:path";
import type { Entity, FileRole } from "../core/index.ts";
import { WorkspaceModel } from "../core/index.ts";
import { append } from "../core/model/append.ts";
import type { Files } from "../host/files.ts";
import type { ConfigFile } from "./configFile.ts";
import { configFileName, configFromText, noConfig, readFolderConfig } from "./configFile.ts";
import { discover, mayHide, isFoundByItself, isSkippedPath, isYamlPath } from "./discover.ts";
import { fileContent } from "./fileContent.ts";
import type { FileFilter } from "./fileFilter.ts";
import { everyFile, fileFilter } from "./fileFilter.ts";
import { fileScopes } from "./fileScopes.ts";
import { fileUri, pathOfUri } from "./fileUri.ts";
import type { FileUses, Locate } from "./fileUses.ts";
import { tellsRoles } from "./fileRoles.ts";
import { FolderRoles } from "./folderRoles.ts";
import { FolderUses } from "./folderUses.ts";
import { inParallel } from "./inParallel.ts";
import { pathInside } from "./pathInside.ts";

export interface WorkspaceFolderOptions {
  /** As the client names the folder; undefined for a folder that is not on this machine's disk: only open text counts then. */
  readonly path: string | undefined;
  readonly uri: string;
  readonly files: Files;
  /** Makes the function that finds lines in one text. Absent where nobody asks for places. */
  readonly locator?: (text: string) => Locate;
  /** Called after the model may have changed by what was read from disk. */
  readonly onDidChange: () => void;
}

/** How far the references of a folder's files are known. */
export interface UsesState {
  readonly reading: boolean;
  /** True where a use that is not listed does not exist. */
  readonly complete: boolean;
}

/** Between two of these, changed files have their turn. */
const usesBatch = 64;

/**
 * The entities and the keyline.jsonc of one workspace folder and, once they are asked for, the references of its files.
 * Keeps what it has read of them, neither texts nor trees.
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
  /** Every file that has been found. */
  readonly #known = new Set<string>();
  readonly #roles: FolderRoles;
  /** Made when references are first asked for. */
  #uses: FolderUses | undefined;
  #usesToRead: string[] = [];
  #readingUses = false;
  #readingAll = false;
  #diskConfig: ConfigFile;
  #openConfig: ConfigFile | undefined;
  #filter: { readonly of: ConfigFile; readonly filter: FileFilter } | undefined;
  #model: WorkspaceModel | undefined;
  #started = false;
  #scanned = false;
  #rescanWaits = false;
  #listProblems = 0;
  #scan = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #pending = 0;

  constructor(options: WorkspaceFolderOptions) {
    this.#options = options;
    this.uri = options.uri;
    this.path = options.path;
    this.#roles = new FolderRoles(options.files);
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

  /** What the files around it tell of a file; nothing before they have been found. */
  roleOf(relativePath: string): FileRole {
    return this.#roles.of(relativePath);
  }

  model(): WorkspaceModel {
    this.#model ??= this.#buildModel();
    return this.#model;
  }

  /** Begins to read the folder, in the background. Calling it again does nothing. */
  start(): void {
    if (this.#started || this.path === undefined) return;
    this.#started = true;
    this.#beginReadingAll();
  }

  /**
   * From now on references are kept too. They are read in the background, once all entities have been: no finding waits
   * for them. Calling it again does nothing.
   */
  startUses(): void {
    if (this.#uses !== undefined) return;
    this.#uses = new FolderUses();
    if (this.#started && !this.#readingAll) this.#beginReadingUses();
  }

  /** The references of the folder's files, as far as they are known; each answer with a version that tells it from others. */
  uses(): { readonly version: number; readonly files: () => readonly FileUses[] } & UsesState {
    const uses = this.#uses;
    const reading = this.#started && (this.#readingAll || this.#readingUses);
    return {
      version: uses?.version ?? 0,
      files: () => uses?.all((key) => this.includes(key)) ?? [],
      reading,
      complete: !reading && this.#scanned && this.#listProblems === 0 && this.#allEntitiesRead() && uses?.allRead() === true,
    };
  }

  /** Resolves when all that was begun so far has been read. */
  async settled(): Promise<void> {
    while (this.#pending > 0 || this.#readingUses) await this.#work;
  }

  /** A file of the folder was made, changed or removed on disk. */
  fileChanged(path: string): void {
    const relativePath = this.relativePath(path);
    if (!this.#started || relativePath === undefined || isSkippedPath(relativePath)) return;
    if (tellsRoles(relativePath)) this.#enqueue(() => this.#rereadRoles(relativePath));
    if (relativePath === configFileName) this.#enqueue(() => this.#rereadConfig());
    else if (isYamlPath(relativePath)) this.#enqueue(() => this.#rereadFile(relativePath));
    else this.#enqueue(() => this.#forgetBelow(relativePath));
  }

  /** Looks at the whole folder anew, for a client that does not tell what changes on disk. A burst of calls is one look. */
  rescan(): void {
    if (!this.#started || this.#rescanWaits) return;
    this.#rescanWaits = true;
    this.#queue(async () => {
      this.#rescanWaits = false;
      await this.#readAll();
    });
  }

  /** What an open document defines; undefined once it is closed, and while its text tells less than the disk. `key` is its relative path, or its URI outside any disk. */
  setOpenEntities(key: string, entities: readonly Entity[] | undefined): void {
    const before = this.#entitiesOf(key);
    if (entities === undefined) this.#open.delete(key);
    else this.#open.set(key, entities);
    // Opening a file that says what the disk says changes nothing; whether it could be read may be another matter.
    if (this.#unread.has(key) || JSON.stringify(this.#entitiesOf(key)) !== JSON.stringify(before)) this.#model = undefined;
  }

  /** What an open document refers to, in the same way. Does nothing before references are asked for. */
  setOpenUses(key: string, uses: FileUses | undefined): void {
    this.#uses?.setOpen(key, uses);
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
      if (this.includes(key)) append(entities, this.#entitiesOf(key));
    }
    const { config } = this.config();
    const allRead = this.#scanned && this.#listProblems === 0 && this.#allEntitiesRead();
    const scopes = fileScopes(config.scopes);
    return new WorkspaceModel(allRead ? config : { ...config, complete: [] }, entities, (uri) => {
      const key = this.#keyOfUri(uri);
      return key === undefined ? undefined : scopes(key);
    });
  }

  #keyOfUri(uri: string): string | undefined {
    const path = pathOfUri(uri);
    if (path !== undefined) return this.relativePath(path);
    const folder = this.uri.endsWith("/") ? this.uri : `${this.uri}/`;
    return uri.startsWith(folder) ? uri.slice(folder.length) : undefined;
  }

  #entitiesOf(key: string): readonly Entity[] {
    return this.#open.get(key) ?? this.#onDisk.get(key) ?? [];
  }

  #allEntitiesRead(): boolean {
    return [...this.#unread].every((key) => this.#open.has(key));
  }

  #beginReadingAll(): void {
    this.#readingAll = true;
    this.#enqueue(async () => {
      const { signal } = this.#scan;
      await this.#readAll();
      // Another run that has taken this one's place ends it.
      if (signal.aborted) return;
      this.#readingAll = false;
      if (this.#uses !== undefined) this.#beginReadingUses();
    });
  }

  async #readAll(): Promise<void> {
    const root = await this.#root();
    if (root === undefined) return;
    const { signal } = this.#scan;
    await this.#readDiskConfig(root);
    const { include, exclude } = this.config().config;
    const filter = include.length + exclude.length === 0 ? everyFile : (path: string): boolean => this.includes(path);
    const discovery = await discover(this.#options.files, root, this.#roles.noting(filter), signal);
    if (!signal.aborted) await this.#roles.readNoted(root);
    // What is skipped may define anything: while it is, nothing counts as missing.
    const hiding = discovery.skipped.flatMap(({ path, problem }) => (mayHide(problem) ? [pathInside(root, path) ?? path] : []));
    const found = new Set([...discovery.files.map((file) => file.relativePath), ...hiding]);
    for (const key of new Set([...this.#known, ...this.#unread])) if (!found.has(key)) this.#forget(key);
    for (const key of hiding) this.#hide(key);
    // The first time references wait until all entities have been read; later both are as the disk is now.
    const withUses = this.#scanned && this.#uses !== undefined;
    await inParallel(discovery.files, signal, (file) => this.#readFile(file.path, file.relativePath, withUses));
    if (this.#listProblems !== discovery.problems.length || !this.#scanned) this.#model = undefined;
    this.#listProblems = discovery.problems.length;
    if (!signal.aborted) this.#scanned = true;
  }

  /** A configuration that says what it said before stays the same object, and the model with it. */
  async #readDiskConfig(root: string): Promise<void> {
    const read = await readFolderConfig(this.#options.files, root, this.configUri());
    if (read.text === this.#diskConfig.text && read.readProblem === this.#diskConfig.readProblem) return;
    this.#diskConfig = read;
    this.#model = undefined;
  }

  async #readFile(path: string, relativePath: string, withUses: boolean): Promise<void> {
    const { files, locator } = this.#options;
    const uri = fileUri(join(this.path ?? "", relativePath));
    const { entities, uses } = await fileContent(files, path, uri, { uses: withUses, ...(locator === undefined ? {} : { locator }) });
    if (!entities.ok && entities.problem === "not-found") {
      this.#forget(relativePath);
      return;
    }
    this.#known.add(relativePath);
    this.#putEntities(relativePath, entities.ok ? entities.entities : undefined);
    if (withUses) this.#uses?.put(relativePath, uses);
  }

  /** Undefined where the file could not be read. Entities that are as they were leave the model as it is. */
  #putEntities(relativePath: string, entities: readonly Entity[] | undefined): void {
    const state = (): string => JSON.stringify([this.#onDisk.get(relativePath) ?? [], this.#unread.has(relativePath)]);
    if (JSON.stringify([entities ?? [], entities === undefined]) === state()) return;
    this.#onDisk.delete(relativePath);
    this.#unread.delete(relativePath);
    if (entities === undefined) this.#unread.add(relativePath);
    else if (entities.length > 0) this.#onDisk.set(relativePath, entities);
    this.#model = undefined;
  }

  #beginReadingUses(): void {
    this.#usesToRead = [...this.#known].filter((key) => this.#uses?.hasRead(key) === false).reverse();
    if (this.#readingUses) return;
    this.#readingUses = true;
    this.#readSomeUses();
  }

  /** One batch behind all that waits now, then the next. The end is told once. */
  #readSomeUses(): void {
    this.#work = this.#work.then(async () => {
      const batch = this.#usesToRead.splice(-usesBatch).reverse();
      await inParallel(batch, this.#scan.signal, async (key) => {
        if (this.#uses?.hasRead(key) === false) await this.#rereadFile(key);
      });
      if (this.#started && this.#usesToRead.length > 0) {
        this.#readSomeUses();
        return;
      }
      this.#readingUses = false;
      if (this.#started) this.#options.onDidChange();
    });
  }

  async #rereadFile(relativePath: string): Promise<void> {
    const root = await this.#root();
    if (root === undefined || !this.includes(relativePath)) return;
    const path = join(root, relativePath);
    const target = await this.#options.files.realPath(path);
    const inside = target.ok ? pathInside(root, target.value) : undefined;
    const isLinkToOther = inside !== relativePath && inside !== undefined && isFoundByItself(inside);
    if (target.ok && inside === undefined) this.#hide(relativePath);
    else if (!target.ok || isLinkToOther) this.#forget(relativePath);
    else await this.#readFile(target.value, relativePath, this.#uses !== undefined);
  }

  async #rereadConfig(): Promise<void> {
    const root = await this.#root();
    if (root === undefined) return;
    const before = this.config();
    await this.#readDiskConfig(root);
    this.#rescanIfFilterChanged(before);
  }

  async #rereadRoles(relativePath: string): Promise<void> {
    const root = await this.#root();
    if (root !== undefined) await this.#roles.reread(root, relativePath);
  }

  /** A folder that was removed is told by its own name alone. */
  async #forgetBelow(relativePath: string): Promise<void> {
    const root = await this.#root();
    if (root === undefined || (await this.#options.files.kind(join(root, relativePath))).ok) return;
    this.#roles.forgetBelow(relativePath);
    for (const key of new Set([...this.#known, ...this.#unread])) if (key === relativePath || key.startsWith(`${relativePath}/`)) this.#forget(key);
  }

  #forget(relativePath: string): void {
    this.#known.delete(relativePath);
    this.#putEntities(relativePath, []);
    this.#uses?.forget(relativePath);
  }

  /** What stands there may define anything, and is not read. */
  #hide(relativePath: string): void {
    this.#known.delete(relativePath);
    this.#putEntities(relativePath, undefined);
    this.#uses?.forget(relativePath);
  }

  #rescanIfFilterChanged(before: ConfigFile): void {
    const globs = ({ config }: ConfigFile): string => JSON.stringify([config.include, config.exclude]);
    if (!this.#started || globs(before) === globs(this.config())) return;
    this.#scan.abort();
    this.#scan = new AbortController();
    this.#scanned = false;
    this.#usesToRead = [];
    this.#beginReadingAll();
  }

  async #root(): Promise<string | undefined> {
    if (this.path === undefined || !this.#started) return undefined;
    const root = await this.#options.files.realPath(this.path);
    return root.ok ? root.value : undefined;
  }

  #enqueue(task: () => Promise<void>): void {
    this.#queue(async () => {
      await task();
      this.#model = undefined;
    });
  }

  /** One thing at a time, in order; listeners hear of a burst once, at its end. */
  #queue(task: () => Promise<void>): void {
    this.#pending += 1;
    this.#work = this.#work.then(async () => {
      await task();
      this.#pending -= 1;
      if (this.#pending === 0 && this.#started) this.#options.onDidChange();
    });
  }
}

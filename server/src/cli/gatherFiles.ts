import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Analysis, Entity } from "../core/index.ts";
import { WorkspaceModel } from "../core/index.ts";
import { shownText } from "../core/model/shownText.ts";
import { append } from "../core/model/append.ts";
import type { Files } from "../host/files.ts";
import type { ConfigFile } from "../workspace/configFile.ts";
import { configFileName, noConfig, readConfigAt, readFolderConfig } from "../workspace/configFile.ts";
import { discover, mayHide } from "../workspace/discover.ts";
import { entitiesOf } from "../workspace/entitiesOf.ts";
import { fileEntities } from "../workspace/fileEntities.ts";
import { everyFile, fileFilter } from "../workspace/fileFilter.ts";
import type { FileFilter } from "../workspace/fileFilter.ts";
import { fileScopes } from "../workspace/fileScopes.ts";
import { fileUri, pathOfUri } from "../workspace/fileUri.ts";
import { mayHoldEntities } from "../workspace/mayHoldEntities.ts";
import { pathInside } from "../workspace/pathInside.ts";
import type { ReadProblem } from "../workspace/readDocument.ts";
import { readDocument, readProblemWords } from "../workspace/readDocument.ts";
import { RenderedFiles } from "./renderedFiles.ts";

/** A file with something to report on. */
export interface GatheredFile {
  /** Relative to the working directory, with `/`. */
  readonly name: string;
  readonly analysis: Analysis;
  readonly workspace: () => WorkspaceModel;
}

export interface Gathered {
  readonly files: readonly GatheredFile[];
  /** All that were read, also those without references. */
  readonly fileCount: number;
  readonly problems: readonly { readonly name: string; readonly problem: ReadProblem }[];
  readonly configs: readonly (ConfigFile & { readonly name: string })[];
}

/** Files whose paths stand in one configuration's reach share its entities. */
interface Group {
  readonly config: ConfigFile;
  /** The folder that the configuration counts for; undefined without one. */
  readonly root: string | undefined;
  readonly entities: Entity[];
  /** Real paths of what was read for its entities. */
  readonly read: Set<string>;
  whole: boolean;
  model?: WorkspaceModel;
}

interface Target {
  /** Absolute, as given. */
  readonly path: string;
  readonly realPath: string;
  readonly isFolder: boolean;
}

export interface GatherOptions {
  /** Absolute. */
  readonly workingDirectory: string;
  readonly paths: readonly string[];
  /** Instead of the keyline.jsonc that would be found. */
  readonly configPath?: string | undefined;
  /** Whether include and exclude count for files that are named too. */
  readonly forceExclude?: boolean;
  /** Whether references will be followed, so that all connectors and secrets in reach matter. */
  readonly entities: boolean;
}

/** Finds and reads all that the paths name. Answers a text where a path does not exist. */
export async function gatherFiles(files: Files, options: GatherOptions): Promise<Gathered | string> {
  const gathering = new Gathering(files, options.workingDirectory, options.configPath, options.forceExclude === true);
  const targets: Target[] = [];
  for (const path of options.paths.length === 0 ? ["."] : options.paths) {
    const target = await gathering.target(path);
    if (typeof target === "string") return target;
    targets.push(target);
  }
  for (const target of targets) {
    const empty = await gathering.add(target);
    if (empty !== undefined) return empty;
  }
  if (options.entities) await gathering.completeEntities();
  return gathering.result();
}

class Gathering {
  readonly #files: Files;
  readonly #workingDirectory: string;
  readonly #configPath: string | undefined;
  readonly #forceExclude: boolean;
  readonly #groups = new Map<string, Group>();
  readonly #seen = new Set<string>();
  readonly #rendered: RenderedFiles;
  readonly #configs = new Map<string, Promise<ConfigFile>>();
  readonly #found: GatheredFile[] = [];
  /** By real path. */
  readonly #problems = new Map<string, { readonly name: string; readonly problem: ReadProblem }>();
  #fileCount = 0;

  constructor(files: Files, workingDirectory: string, configPath: string | undefined, forceExclude: boolean) {
    this.#files = files;
    this.#rendered = new RenderedFiles(files);
    this.#workingDirectory = workingDirectory;
    this.#forceExclude = forceExclude;
    this.#configPath = configPath === undefined ? undefined : resolve(workingDirectory, configPath);
  }

  async target(given: string): Promise<Target | string> {
    const path = resolve(this.#workingDirectory, given);
    const realPath = await this.#files.realPath(path);
    const kind = realPath.ok ? await this.#files.kind(realPath.value) : realPath;
    const shown = shownText(given, 4000);
    if (!realPath.ok) return `${shown}: ${readProblemWords(realPath.problem)}`;
    if (!kind.ok) return `${shown}: ${readProblemWords(kind.problem)}`;
    if (kind.value === "other") return `${shown}: neither a file nor a folder`;
    return { path, realPath: realPath.value, isFolder: kind.value === "folder" };
  }

  /** Answers a text where a folder holds no YAML file at all: to call that good would hide a path that is wrong. */
  async add(target: Target): Promise<string | undefined> {
    const group = await this.#group(target);
    if (!target.isFolder) {
      if (!this.#forceExclude || filterBelow(group, dirname(target.realPath))(basename(target.realPath))) await this.#addFile(group, target.path, target.realPath);
      return undefined;
    }
    const discovery = await discover(this.#files, target.realPath, filterBelow(group, target.realPath));
    if (discovery.problems.length > 0) group.whole = false;
    for (const { path, problem } of [...discovery.problems, ...discovery.skipped]) {
      this.#problem(path, problem, join(target.path, relative(target.realPath, path)));
    }
    for (const file of discovery.files) await this.#addFile(group, join(target.path, file.relativePath), file.path);
    const isEmpty = !discovery.sawYaml && discovery.problems.length + discovery.skipped.length === 0;
    return isEmpty ? `No YAML file under ${shownText(this.#name(target.path), 4000)}` : undefined;
  }

  /** A configuration counts for its whole folder: what lies outside the paths still defines connectors and secrets. */
  async completeEntities(): Promise<void> {
    for (const group of this.#groups.values()) {
      if (group.root === undefined) continue;
      const discovery = await discover(this.#files, group.root, filterBelow(group, group.root));
      if (discovery.problems.length > 0 || discovery.skipped.some(({ problem }) => mayHide(problem))) group.whole = false;
      for (const { path, problem } of [...discovery.problems, ...discovery.skipped]) this.#problem(path, problem, path);
      for (const { path } of discovery.files) {
        if (group.read.has(path)) continue;
        const read = await fileEntities(this.#files, path, fileUri(path));
        if (read.ok) {
          append(group.entities, read.entities);
          continue;
        }
        group.whole = false;
        this.#problem(path, read.problem, path);
      }
    }
  }

  result(): Gathered {
    // A configuration that was named may count for several folders.
    const byConfig = new Map([...this.#groups.values()].map((group) => [group.config, group]));
    const configs = [...byConfig.values()].map((group) => ({ ...group.config, name: this.#configName(group) }));
    return { files: this.#found, fileCount: this.#fileCount, problems: [...this.#problems.values()], configs };
  }

  async #addFile(group: Group, path: string, readPath: string): Promise<void> {
    const real = await this.#files.realPath(readPath);
    const key = real.ok ? real.value : readPath;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    group.read.add(readPath);
    const read = await readDocument(this.#files, readPath);
    if (!read.ok) {
      group.whole = false;
      this.#problem(readPath, read.problem, path);
      return;
    }
    this.#fileCount += 1;
    const analysis = await this.#rendered.analyze(fileUri(path), read.text, { root: group.root ?? this.#workingDirectory, path: key });
    const entities = entitiesOf(analysis);
    if (entities !== undefined) append(group.entities, entities);
    else if (mayHoldEntities(Buffer.from(read.text))) group.whole = false;
    const worthKeeping = analysis.references.length > 0 || analysis.findings.length > 0 || analysis.entities.length > 0 || analysis.tooLarge;
    if (worthKeeping) this.#found.push({ name: this.#name(path), analysis, workspace: () => modelOf(group) });
  }

  async #group(target: Target): Promise<Group> {
    const { config, root } = await this.#configFor(target);
    const key = root === undefined ? "" : `${root}\n${config.uri}`;
    const group: Group = this.#groups.get(key) ?? { config, root, entities: [], read: new Set(), whole: true };
    this.#groups.set(key, group);
    return group;
  }

  /** The configuration named, else the nearest from the path's own folder up to the working directory. */
  async #configFor(target: Target): Promise<{ readonly config: ConfigFile; readonly root: string | undefined }> {
    const own = target.isFolder ? target.realPath : dirname(target.realPath);
    const here = await this.#files.realPath(this.#workingDirectory);
    const top = here.ok && pathInside(here.value, own) !== undefined ? here.value : own;
    if (this.#configPath !== undefined) {
      const folder = dirname(this.#configPath);
      const resolved = await this.#files.realPath(folder);
      const beside = resolved.ok ? resolved.value : folder;
      const root = pathInside(beside, own) === undefined ? top : beside;
      return { config: await this.#config(this.#configPath, (path) => readConfigAt(this.#files, path)), root };
    }
    for (let folder = own; ; folder = dirname(folder)) {
      const config = await this.#config(folder, (path) => readFolderConfig(this.#files, path, fileUri(join(path, configFileName))));
      if (config.text !== undefined || config.readProblem !== undefined) return { config, root: folder };
      if (folder === top || folder === dirname(folder)) return { config: noConfig(""), root: undefined };
    }
  }

  #config(path: string, read: (path: string) => Promise<ConfigFile>): Promise<ConfigFile> {
    const config = this.#configs.get(path) ?? read(path);
    this.#configs.set(path, config);
    return config;
  }

  #configName(group: Group): string {
    return this.#name(this.#configPath ?? join(group.root ?? "", configFileName));
  }

  #problem(path: string, problem: ReadProblem, shownPath: string): void {
    if (!this.#problems.has(path)) this.#problems.set(path, { name: this.#name(shownPath), problem });
  }

  #name(path: string): string {
    const below = relative(this.#workingDirectory, path) || ".";
    return sep === "/" ? below : below.split(sep).join("/");
  }
}

function modelOf(group: Group): WorkspaceModel {
  // A file that could not be read may define anything: then no scope is known to the last.
  const { config } = group.config;
  const scopes = fileScopes(config.scopes);
  const { root } = group;
  group.model ??= new WorkspaceModel(group.whole ? config : { ...config, complete: [] }, group.entities, (uri) => {
    const path = pathOfUri(uri);
    const below = root === undefined || path === undefined ? undefined : pathInside(root, path);
    return below === undefined ? undefined : scopes(below);
  });
  return group.model;
}

/** Globs are relative to the configuration's folder; what lies outside it is not filtered. */
function filterBelow(group: Group, root: string): FileFilter {
  const { include, exclude } = group.config.config;
  const base = group.root;
  if (base === undefined || include.length + exclude.length === 0) return everyFile;
  const filter = fileFilter(include, exclude);
  return (relativePath) => {
    const below = pathInside(base, join(root, relativePath));
    return below === undefined || filter(below);
  };
}

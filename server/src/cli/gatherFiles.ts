import { join, relative, resolve, sep } from "node:path";
import type { Analysis, WorkspaceModel } from "../core/index.ts";
import type { Files } from "../host/files.ts";
import type { ConfigFile } from "../workspace/configFile.ts";
import { configFileName, readConfigAt, readFolderConfig } from "../workspace/configFile.ts";
import { decodeText } from "../workspace/decodeText.ts";
import type { Discovery } from "../workspace/discover.ts";
import { discover, isSkippedPath } from "../workspace/discover.ts";
import { entitiesOf } from "../workspace/entitiesOf.ts";
import { fileEntities } from "../workspace/fileEntities.ts";
import type { FileFilter } from "../workspace/fileFilter.ts";
import { fileFilter } from "../workspace/fileFilter.ts";
import { fileUri } from "../workspace/fileUri.ts";
import { mayHoldEntities } from "../workspace/mayHoldEntities.ts";
import { pathInside } from "../workspace/pathInside.ts";
import type { ReadProblem } from "../workspace/readDocument.ts";
import { maxFileBytes } from "../workspace/readDocument.ts";
import { findRoot } from "./findRoot.ts";
import { RenderedFiles } from "./renderedFiles.ts";
import { RootEntities } from "./rootEntities.ts";
import { shownInFull } from "./shownInFull.ts";
import type { Target } from "./targets.ts";
import { findTargets } from "./targets.ts";

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
  readonly config: NamedConfig;
  /** The keyline.jsonc below the root, which do not count. */
  readonly otherConfigs: readonly string[];
  /** The globs under `scopes` of the configuration that match no file. */
  readonly unusedScopes: readonly string[];
}

export interface NamedConfig extends ConfigFile {
  /** Relative to the working directory, with `/`. */
  readonly name: string;
}

export interface GatherOptions {
  /** Absolute. */
  readonly workingDirectory: string;
  readonly paths: readonly string[];
  /** Read instead of the root's keyline.jsonc; all else is as if it stood there. */
  readonly configPath?: string | undefined;
  /** Whether include and exclude count for files that are named too. */
  readonly forceExclude?: boolean;
  /** Whether references will be followed, so that all connectors and secrets of the root matter. */
  readonly entities: boolean;
}

/** Finds and reads all that the paths name, and what the rest of the root defines. Answers a text where a path is wrong. */
export async function gatherFiles(files: Files, options: GatherOptions): Promise<Gathered | string> {
  const targets = await findTargets(files, options.workingDirectory, options.paths);
  if (typeof targets === "string") return targets;
  const found = await findRoot(files, options.workingDirectory, targets);
  if (!found.ok) return found.message;
  const here = await files.realPath(options.workingDirectory);
  const place = { root: found.root, workingDirectory: options.workingDirectory, realWorkingDirectory: here.ok ? here.value : options.workingDirectory };
  const gathering = new Gathering(files, place, await readRunConfig(files, place, options.configPath), options.forceExclude === true);
  if (options.entities) await gathering.listRoot();
  for (const target of targets) {
    const empty = await gathering.add(target);
    if (empty !== undefined) return empty;
  }
  // A file that is named is checked whatever include says.
  const problem = options.forceExclude === true || targets.some(({ isFolder }) => isFolder) ? gathering.includeProblem() : undefined;
  if (problem !== undefined) return problem;
  if (options.entities) await gathering.completeEntities();
  return gathering.result();
}

interface Place {
  readonly root: string;
  readonly workingDirectory: string;
  readonly realWorkingDirectory: string;
}

/** The configuration that counts, and where it was read. */
interface RunConfig {
  readonly config: NamedConfig;
  readonly realPath: string | undefined;
}

async function readRunConfig(files: Files, { root, workingDirectory, realWorkingDirectory }: Place, configPath: string | undefined): Promise<RunConfig> {
  const path = configPath === undefined ? join(root, configFileName) : resolve(workingDirectory, configPath);
  const config = configPath === undefined ? await readFolderConfig(files, root, fileUri(path)) : await readConfigAt(files, path);
  const name = configPath === undefined ? shownPath(realWorkingDirectory, path) : shownPath(workingDirectory, path);
  const realPath = await files.realPath(path);
  return { config: { ...config, name }, realPath: realPath.ok ? realPath.value : undefined };
}

class Gathering {
  readonly #files: Files;
  readonly #place: Place;
  readonly #config: RunConfig;
  /** By the path below the root. */
  readonly #includes: FileFilter;
  /** By the path below the root, exclude aside. */
  readonly #matchesInclude: FileFilter;
  readonly #forceExclude: boolean;
  readonly #entities: RootEntities;
  readonly #rendered: RenderedFiles;
  readonly #seen = new Set<string>();
  readonly #found: GatheredFile[] = [];
  /** By real path. */
  readonly #problems = new Map<string, { readonly name: string; readonly problem: ReadProblem }>();
  /** Real paths. */
  readonly #otherConfigs = new Set<string>();
  #whole: Discovery | undefined;
  #fileCount = 0;
  #includeMatchesNothing = false;

  constructor(files: Files, place: Place, config: RunConfig, forceExclude: boolean) {
    this.#files = files;
    this.#rendered = new RenderedFiles(files);
    this.#place = place;
    this.#config = config;
    this.#forceExclude = forceExclude;
    const { include, exclude } = config.config.config;
    this.#includes = fileFilter(include, exclude);
    this.#matchesInclude = fileFilter(include, []);
    this.#entities = new RootEntities(place.root, config.config.config);
  }

  /** Comes before all that is added: a file that is named counts by the path at which it is found. */
  async listRoot(): Promise<void> {
    this.#whole = await this.#discover(this.#place.root);
    this.#entities.list(this.#whole);
  }

  /** Answers a text where a folder holds no YAML file at all: to call that good would hide a path that is wrong. */
  async add(target: Target): Promise<string | undefined> {
    const { path, realPath } = target;
    if (!target.isFolder) {
      if (!this.#forceExclude || this.#includes(this.#belowRoot(realPath))) await this.#addFile(path, realPath, realPath);
      return undefined;
    }
    const discovery = this.#whole !== undefined && realPath === this.#place.root ? this.#whole : await this.#discover(realPath);
    for (const skipped of [...discovery.problems, ...discovery.skipped]) this.#addProblem(skipped.path, skipped.problem, this.#given(join(path, relative(realPath, skipped.path))));
    for (const file of discovery.files) await this.#addFile(join(path, relative(realPath, file.path)), file.path, file.realPath);
    const isEmpty = !discovery.sawYaml && discovery.problems.length + discovery.skipped.length === 0;
    return isEmpty ? `No YAML file under ${target.given}` : undefined;
  }

  /** Answers a text where all YAML files of the root are left out by `include`: a wrong glob would make every run good. */
  includeProblem(): string | undefined {
    if (!this.#includeMatchesNothing) return undefined;
    const { config } = this.#config;
    return `"include" in ${shownInFull(config.name)} matches no YAML file, so nothing would be checked. Its globs are relative to ${shownInFull(this.#place.root)}`;
  }

  /** What lies outside the paths defines connectors and secrets all the same. */
  async completeEntities(): Promise<void> {
    for (const { path, problem } of [...(this.#whole?.problems ?? []), ...(this.#whole?.skipped ?? [])]) this.#addProblemOutside(path, problem);
    for (const { path, realPath } of this.#entities.unread()) {
      const read = await fileEntities(this.#files, path, fileUri(path));
      this.#entities.put(realPath, read.ok ? read.entities : undefined);
      if (!read.ok) this.#addProblemOutside(path, read.problem);
    }
  }

  result(): Gathered {
    const { config, realPath } = this.#config;
    const leftOut = fileFilter([], config.config.exclude);
    const others = [...this.#otherConfigs].filter((path) => path !== realPath && leftOut(this.#belowRoot(path))).sort();
    const unusedScopes = this.#whole === undefined ? [] : this.#entities.unusedScopes();
    return { files: this.#found, fileCount: this.#fileCount, problems: [...this.#problems.values()], config, otherConfigs: others.map((path) => this.#real(path)), unusedScopes };
  }

  async #addFile(shown: string, readPath: string, realPath: string): Promise<void> {
    if (this.#seen.has(realPath)) return;
    this.#seen.add(realPath);
    const read = await this.#files.read(readPath, maxFileBytes);
    const text = read.ok ? decodeText(read.value) : read;
    if (!text.ok) {
      this.#entities.put(realPath, read.ok && !mayHoldEntities(read.value) ? [] : undefined);
      this.#addProblem(readPath, text.problem, this.#given(shown));
      return;
    }
    this.#fileCount += 1;
    const analysis = await this.#rendered.analyze(fileUri(this.#entities.ownPath(realPath)), text.text, { root: this.#place.root, path: realPath });
    this.#entities.put(realPath, entitiesOf(analysis) ?? (mayHoldEntities(Buffer.from(text.text)) ? undefined : []));
    const worthKeeping = analysis.references.length > 0 || analysis.findings.length > 0 || analysis.entities.length > 0 || analysis.tooLarge;
    if (worthKeeping) this.#found.push({ name: this.#given(shown), analysis, workspace: () => this.#entities.modelOf(realPath) });
  }

  async #discover(folder: string): Promise<Discovery> {
    const below = this.#belowRoot(folder);
    // Inside a folder that is looked into only because it is named, nothing but what is found there counts.
    const within = isSkippedPath(below) ? folder : this.#place.root;
    let included = false;
    const filter: FileFilter = (path) => {
      const own = below === "" ? path : `${below}/${path}`;
      included ||= this.#matchesInclude(own);
      return this.#includes(own);
    };
    const discovery = await discover(this.#files, folder, filter, undefined, within);
    if (folder === this.#place.root) this.#includeMatchesNothing = discovery.sawYaml && !included;
    for (const path of discovery.configs) if (path !== join(this.#place.root, configFileName)) this.#otherConfigs.add(path);
    return discovery;
  }

  #addProblem(path: string, problem: ReadProblem, name: string): void {
    if (!this.#problems.has(path)) this.#problems.set(path, { name, problem });
  }

  /** Without a configuration nothing is promised of what lies outside the paths, so that nothing is lost by it. */
  #addProblemOutside(path: string, problem: ReadProblem): void {
    const { text, readProblem } = this.#config.config;
    if (text !== undefined || readProblem !== undefined) this.#addProblem(path, problem, this.#real(path));
  }

  #belowRoot(realPath: string): string {
    return pathInside(this.#place.root, realPath) ?? realPath;
  }

  #given(path: string): string {
    return shownPath(this.#place.workingDirectory, path);
  }

  #real(path: string): string {
    return shownPath(this.#place.realWorkingDirectory, path);
  }
}

function shownPath(from: string, path: string): string {
  const below = relative(from, path) || ".";
  return sep === "/" ? below : below.split(sep).join("/");
}

import type { TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Analysis, AzureDirectory, CheckSettings, Facts, Finding, Snapshot, VaultWant } from "../core/index.ts";
import { Facts as FactsView, connectorVaults, defaultSettings, diagnostics, emptyDirectory, factsNeeded, mergeWants } from "../core/index.ts";
import type { VaultTarget } from "../core/model/vaultTarget.ts";
import { vaultKey } from "../core/model/vaultTarget.ts";
import type { Clock } from "../host/clock.ts";
import type { Files } from "../host/files.ts";
import type { FactsSource } from "../vault/factsSource.ts";
import { configFileName } from "../workspace/configFile.ts";
import { entitiesOf } from "../workspace/entitiesOf.ts";
import { fileUses, type Locate } from "../workspace/fileUses.ts";
import { pathOfUri } from "../workspace/fileUri.ts";
import { WorkspaceFolder } from "../workspace/workspaceFolder.ts";
import type { ClientOptions } from "./clientOptions.ts";
import { OpenDocument } from "./openDocument.ts";
import { rangeOf } from "./positions.ts";

export interface SessionOptions {
  readonly client: ClientOptions;
  readonly clock: Clock;
  readonly files: Files;
  readonly facts: FactsSource;
  /** Called after facts, settings or files on disk have changed what documents mean. */
  readonly onWorldChanged: () => void;
}

interface OpenState {
  readonly document: OpenDocument;
  folder: WorkspaceFolder;
  key: string;
  /** What the last completion in this document would have liked to know. */
  completionWants: readonly VaultWant[];
  findings?: { readonly of: Snapshot; readonly list: readonly Finding[] };
  wants?: { readonly of: Snapshot; readonly list: readonly VaultWant[]; readonly directoryOf: readonly VaultTarget[] };
}

const untrusted = new FactsView([], "untrusted");

/** The one owner of the server's state. Handlers read a snapshot of it and change nothing. */
export class Session {
  readonly client: ClientOptions;
  readonly #options: SessionOptions;
  readonly #open = new Map<string, OpenState>();
  readonly #folders = new Map<string, WorkspaceFolder>();
  /** Documents whose folder has not yet been told what they define now. */
  readonly #dirty = new Set<OpenState>();
  /** For documents outside every folder. Reads nothing from disk. */
  readonly #loose: WorkspaceFolder;
  readonly #stopFacts: () => void;
  #settings: CheckSettings = defaultSettings;
  #directory: AzureDirectory = emptyDirectory;
  #trusted: boolean;
  #ready = false;
  #lastWants = written([], []);
  #wantsUses = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.client = options.client;
    this.#trusted = options.client.keyline.trusted !== false;
    this.#loose = this.#folder("untitled:", undefined);
    this.#stopFacts = options.facts.onDidChange(options.onWorldChanged);
  }

  /** The client has said `initialized`: from now on folders are read, where the workspace is trusted. */
  ready(): void {
    this.#ready = true;
    this.#startFolders();
  }

  setTrusted(trusted: boolean): void {
    // Trust is only ever granted to a running window; VS Code restarts to take it back.
    if (!trusted || this.#trusted) return;
    this.#trusted = true;
    this.#startFolders();
    this.#options.onWorldChanged();
  }

  setSettings(settings: CheckSettings): void {
    this.#settings = settings;
    this.#options.onWorldChanged();
  }

  /** What Resource Manager has told, in place of all that it told before. */
  setDirectory(directory: AzureDirectory): void {
    this.#directory = directory;
    this.#options.onWorldChanged();
  }

  addFolder(uri: string): void {
    if (this.#folders.has(uri)) return;
    this.#folders.set(uri, this.#folder(uri, pathOfUri(uri)));
    this.#assignDocuments();
    this.#startFolders();
  }

  removeFolder(uri: string): void {
    this.#folders.get(uri)?.dispose();
    if (this.#folders.delete(uri)) this.#assignDocuments();
  }

  folders(): readonly WorkspaceFolder[] {
    return [...this.#folders.values()];
  }

  /** The folders, told of every open document as it is now, references and all. From the first call on those are kept. */
  foldersWithUses(): readonly WorkspaceFolder[] {
    if (!this.#wantsUses) {
      this.#wantsUses = true;
      for (const folder of this.#folders.values()) folder.startUses();
      for (const state of this.#open.values()) this.#dirty.add(state);
    }
    for (const dirty of this.#dirty) this.#publishToFolder(dirty);
    return this.folders();
  }

  /** Makes the function that finds lines in a text, in the client's encoding. */
  readonly locator = (text: string): Locate => {
    const content = TextDocument.create("", "", 0, text);
    return (span) => rangeOf(content, span, this.client.positionEncoding);
  };

  fileChanged(uri: string): void {
    const path = pathOfUri(uri);
    if (path === undefined) return;
    for (const folder of this.#folders.values()) folder.fileChanged(path);
  }

  /** The only news of the disk that a client without watched files brings is that something was opened or saved. */
  documentTouched(): void {
    if (this.client.watchedFilesRegistration) return;
    for (const folder of this.#folders.values()) folder.rescan();
  }

  open(item: TextDocumentItem): OpenDocument {
    const document = new OpenDocument(item, this.client.positionEncoding);
    const state: OpenState = { document, ...this.#placeOf(document), completionWants: [] };
    this.#open.set(item.uri, state);
    this.#publishToFolder(state);
    return document;
  }

  /** Does nothing for a document that is not open. */
  change(uri: string, changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    const state = this.#open.get(uri);
    if (state === undefined) return;
    state.document.change(changes, version);
    this.#dirty.add(state);
  }

  close(uri: string): void {
    const state = this.#open.get(uri);
    if (state === undefined) return;
    this.#open.delete(uri);
    this.#dirty.delete(state);
    this.#withdrawFromFolder(state);
  }

  document(uri: string): OpenDocument | undefined {
    return this.#open.get(uri)?.document;
  }

  documents(): readonly OpenDocument[] {
    return [...this.#open.values()].map((state) => state.document);
  }

  /** What features answer from; undefined for keyline.jsonc and for a document that is not open. */
  snapshot(uri: string): Snapshot | undefined {
    const state = this.#open.get(uri);
    return state === undefined || state.document.isConfig ? undefined : this.#snapshot(state);
  }

  /** The folder whose model a document is read with; undefined for a document that is not open. */
  folderOf(uri: string): WorkspaceFolder | undefined {
    return this.#open.get(uri)?.folder;
  }

  /** The findings of an open document; none in one that keyline.jsonc leaves out. */
  findings(uri: string): readonly Finding[] {
    const state = this.#open.get(uri);
    if (state === undefined || state.document.isConfig || !state.folder.includes(state.key)) return [];
    const snapshot = this.#snapshot(state);
    if (state.findings === undefined || !sameWorld(state.findings.of, snapshot)) state.findings = { of: snapshot, list: diagnostics(snapshot) };
    return state.findings.list;
  }

  setCompletionWants(uri: string, wants: readonly VaultWant[]): void {
    const state = this.#open.get(uri);
    if (state === undefined) return;
    state.completionWants = wants;
    this.updateWants();
  }

  /** Tells the facts source what all open documents need now, if that has changed. */
  updateWants(): void {
    if (!this.#trusted) return;
    const open = [...this.#open.values()].map((state) => ({ ...this.#wants(state), completion: state.completionWants }));
    const wants = mergeWants(open.flatMap(({ list, completion }) => [...list, ...completion]));
    const directoryOf = uniqueVaults(open.flatMap((each) => each.directoryOf));
    const now = written(wants, directoryOf);
    if (now === this.#lastWants) return;
    this.#lastWants = now;
    this.#options.facts.want(wants, directoryOf);
  }

  dispose(): void {
    this.#stopFacts();
    for (const folder of this.#folders.values()) folder.dispose();
    this.#options.facts.dispose();
    this.#open.clear();
  }

  #facts(): Facts {
    return this.#trusted ? this.#options.facts.facts() : untrusted;
  }

  #snapshot(state: OpenState): Snapshot {
    for (const dirty of this.#dirty) this.#publishToFolder(dirty);
    return {
      analysis: this.#analysis(state),
      workspace: state.folder.model(),
      facts: this.#facts(),
      directory: this.#trusted ? this.#directory : emptyDirectory,
      now: this.#options.clock.now(),
      settings: this.#settings,
    };
  }

  #analysis({ document, folder, key }: OpenState): Analysis {
    document.setRole(folder.roleOf(key));
    return document.analysis();
  }

  #wants(state: OpenState): Pick<NonNullable<OpenState["wants"]>, "list" | "directoryOf"> {
    if (state.document.isConfig || !state.folder.includes(state.key)) return { list: [], directoryOf: [] };
    const snapshot = this.#snapshot(state);
    if (state.wants === undefined || !sameWorld(state.wants.of, snapshot)) state.wants = { of: snapshot, list: factsNeeded(snapshot), directoryOf: connectorVaults(snapshot) };
    return state.wants;
  }

  #publishToFolder(state: OpenState): void {
    const { document, folder, key } = state;
    this.#dirty.delete(state);
    if (document.isConfig) {
      if (key === configFileName) folder.setOpenConfig(document.text());
      return;
    }
    const locate: Locate = (span) => document.rangeOf(span);
    const analysis = this.#analysis(state);
    folder.setOpenEntities(key, entitiesOf(analysis, locate));
    if (this.#wantsUses) folder.setOpenUses(key, fileUses(analysis, locate));
  }

  #withdrawFromFolder({ document, folder, key }: OpenState): void {
    if (document.isConfig) {
      if (key === configFileName) folder.setOpenConfig(undefined);
      return;
    }
    folder.setOpenEntities(key, undefined);
    folder.setOpenUses(key, undefined);
  }

  #assignDocuments(): void {
    for (const state of this.#open.values()) {
      const place = this.#placeOf(state.document);
      if (place.folder === state.folder) continue;
      this.#withdrawFromFolder(state);
      state.folder = place.folder;
      state.key = place.key;
      this.#publishToFolder(state);
    }
    this.#options.onWorldChanged();
  }

  /** The innermost folder that holds the document. */
  #placeOf(document: OpenDocument): { readonly folder: WorkspaceFolder; readonly key: string } {
    let best: { readonly folder: WorkspaceFolder; readonly key: string } | undefined;
    for (const folder of this.#folders.values()) {
      const key = document.path === undefined ? keyBelow(folder.uri, document.uri) : folder.relativePath(document.path);
      if (key !== undefined && (best === undefined || key.length < best.key.length)) best = { folder, key };
    }
    return best ?? { folder: this.#loose, key: document.uri };
  }

  #folder(uri: string, path: string | undefined): WorkspaceFolder {
    const folder = new WorkspaceFolder({ uri, path, files: this.#options.files, locator: this.locator, onDidChange: this.#options.onWorldChanged });
    if (this.#wantsUses) folder.startUses();
    return folder;
  }

  #startFolders(): void {
    if (!this.#ready || !this.#trusted) return;
    for (const folder of this.#folders.values()) folder.start();
  }
}

function keyBelow(folderUri: string, uri: string): string | undefined {
  const prefix = folderUri.endsWith("/") ? folderUri : `${folderUri}/`;
  return uri.startsWith(prefix) ? uri.slice(prefix.length) : undefined;
}

function written(wants: readonly VaultWant[], directoryOf: readonly VaultTarget[]): string {
  return JSON.stringify([wants, directoryOf]);
}

/** Each vault once for each tenant that is named for it, in a fixed order. */
function uniqueVaults(vaults: readonly VaultTarget[]): readonly VaultTarget[] {
  const byKey = new Map(vaults.map((vault) => [`${vaultKey(vault)} ${vault.tenant ?? ""}`, vault]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, vault]) => vault);
}

/** Time alone does not make findings anew; the facts that bear dates are renewed every few minutes. */
function sameWorld(a: Snapshot, b: Snapshot): boolean {
  return a.analysis === b.analysis && a.workspace === b.workspace && a.facts === b.facts && a.directory === b.directory && a.settings === b.settings;
}

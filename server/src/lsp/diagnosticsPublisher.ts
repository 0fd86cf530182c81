import type { Diagnostic, PublishDiagnosticsParams, Range } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { ConfigProblem, Span } from "../core/index.ts";
import type { Clock } from "../host/clock.ts";
import { readProblemWords } from "../workspace/readDocument.ts";
import type { WorkspaceFolder } from "../workspace/workspaceFolder.ts";
import { mostSevere } from "./mostSevere.ts";
import type { OpenDocument } from "./openDocument.ts";
import { rangeOf } from "./positions.ts";
import type { Session } from "./session.ts";
import { hiddenDiagnostic, toConfigDiagnostic, toDiagnostic } from "./toProtocol.ts";

export interface DiagnosticsSink {
  publish(params: PublishDiagnosticsParams): void;
  /** Asks the client to pull again. */
  refresh(): void;
  /** Findings are settled for now: the moment to say what else should be known. */
  settled(): void;
}

export interface DiagnosticsReport {
  readonly version: number;
  /** Equal ids of one document mean equal items. */
  readonly resultId: string;
  readonly items: readonly Diagnostic[];
}

/** After the last keystroke of a burst. */
const typingDebounceMs = 250;
/** Facts come page by page: a few that come together are shown together. */
const worldDebounceMs = 50;

/**
 * Decides when findings are told.
 * Push: once after each burst of changes, also when nothing is different; at any other time only what is different.
 * Pull: the client asks; it is told to ask again where what it was last given has changed under it.
 */
export class DiagnosticsPublisher {
  readonly #session: Session;
  readonly #sink: DiagnosticsSink;
  readonly #clock: Clock;
  readonly #changed = new Set<string>();
  readonly #reports = new Map<string, { readonly written: string; readonly resultId: string }>();
  /** What the client was last told of a document, by push or by pull. */
  readonly #told = new Map<string, string>();
  readonly #closedConfigs = new Map<string, string>();
  #nextResult = 1;
  #stopTyping: (() => void) | undefined;
  #stopWorld: (() => void) | undefined;
  #disposed = false;

  constructor(session: Session, sink: DiagnosticsSink, clock: Clock) {
    this.#session = session;
    this.#sink = sink;
    this.#clock = clock;
  }

  opened(uri: string): void {
    this.#changed.add(uri);
    this.#flush();
  }

  changed(uri: string): void {
    this.#changed.add(uri);
    this.#stopTyping?.();
    this.#stopTyping = this.#clock.after(typingDebounceMs, () => {
      this.#flush();
    });
  }

  closed(uri: string): void {
    this.#changed.delete(uri);
    this.#reports.delete(uri);
    const told = this.#told.delete(uri);
    if (told && this.#pushes()) this.#sink.publish({ uri, diagnostics: [] });
    this.worldChanged();
  }

  worldChanged(): void {
    if (this.#disposed) return;
    this.#stopWorld ??= this.#clock.after(worldDebounceMs, () => {
      this.#stopWorld = undefined;
      this.#flushUnchanged();
    });
  }

  /** The answer to a pull, from what is known now. Undefined for a document that is not open. */
  pulled(uri: string): DiagnosticsReport | undefined {
    const report = this.#report(uri);
    if (report !== undefined) this.#told.set(uri, report.resultId);
    return report;
  }

  dispose(): void {
    this.#disposed = true;
    this.#stopTyping?.();
    this.#stopWorld?.();
  }

  #pushes(): boolean {
    return this.#session.client.diagnostics === "push";
  }

  /** After changes of text: what was changed is told in any case, the rest where it is different. */
  #flush(): void {
    if (this.#disposed) return;
    this.#stopTyping?.();
    this.#stopTyping = undefined;
    this.#tell((uri) => this.#changed.has(uri));
    this.#changed.clear();
  }

  /** A document in the middle of a burst of changes is left to the end of that burst. */
  #flushUnchanged(): void {
    if (!this.#disposed) this.#tell(() => false);
  }

  #tell(inAnyCase: (uri: string) => boolean): void {
    let differs = false;
    for (const { uri } of this.#session.documents()) {
      const forced = inAnyCase(uri);
      if (!forced && this.#changed.has(uri)) continue;
      const report = this.#report(uri);
      if (report === undefined || (!forced && report.resultId === this.#told.get(uri))) continue;
      if (this.#pushes()) {
        this.#told.set(uri, report.resultId);
        this.#sink.publish({ uri, version: report.version, diagnostics: [...report.items] });
      } else if (!forced && this.#told.has(uri)) differs = true;
    }
    if (differs) this.#sink.refresh();
    for (const folder of this.#session.folders()) this.#tellClosedConfig(folder);
    this.#sink.settled();
  }

  #report(uri: string): DiagnosticsReport | undefined {
    const document = this.#session.document(uri);
    if (document === undefined) return undefined;
    const items = this.#items(document);
    const written = JSON.stringify(items);
    let last = this.#reports.get(uri);
    if (last?.written !== written) {
      last = { written, resultId: String(this.#nextResult++) };
      this.#reports.set(uri, last);
    }
    return { version: document.version, resultId: last.resultId, items };
  }

  #items(document: OpenDocument): readonly Diagnostic[] {
    const rangeOf = (span: Span): Range => document.rangeOf(span);
    if (document.isConfig) return configDiagnostics(document.configProblems(), rangeOf);
    const findings = this.#session.findings(document.uri);
    const { shown, firstHidden } = mostSevere(findings, (finding) => finding.severity);
    const items = shown.map((finding) => toDiagnostic(finding, rangeOf));
    return firstHidden === undefined ? items : [...items, hiddenDiagnostic(findings.length - shown.length, rangeOf(firstHidden.span))];
  }

  /** A keyline.jsonc that is not open has effect too, so what is wrong in it is shown; pushed, as no client pulls it. */
  #tellClosedConfig(folder: WorkspaceFolder): void {
    const uri = folder.configUri();
    const isOpen = this.#session.documents().some((document) => document.isConfig && document.path !== undefined && folder.relativePath(document.path) === "keyline.jsonc");
    const diagnostics = isOpen ? [] : closedConfigDiagnostics(folder, this.#session.client.positionEncoding);
    const written = JSON.stringify(diagnostics);
    if (written === (this.#closedConfigs.get(uri) ?? "[]")) return;
    this.#closedConfigs.set(uri, written);
    if (diagnostics.length > 0 || !this.#told.has(uri) || !this.#pushes()) this.#sink.publish({ uri, diagnostics });
  }
}

function closedConfigDiagnostics(folder: WorkspaceFolder, encoding: "utf-16" | "utf-8"): Diagnostic[] {
  const { uri, text, problems, readProblem } = folder.config();
  const content = TextDocument.create(uri, "jsonc", 0, text ?? "");
  if (readProblem !== undefined) {
    const message = `keyline.jsonc: ${readProblemWords(readProblem)}`;
    return [toConfigDiagnostic({ span: { start: 0, end: 0 }, message }, (span) => rangeOf(content, span, encoding))];
  }
  return configDiagnostics(problems, (span) => rangeOf(content, span, encoding));
}

function configDiagnostics(problems: readonly ConfigProblem[], rangeOf: (span: Span) => Range): Diagnostic[] {
  const { shown, firstHidden } = mostSevere(problems, () => "error");
  const items = shown.map((problem) => toConfigDiagnostic(problem, rangeOf));
  return firstHidden === undefined ? items : [...items, hiddenDiagnostic(problems.length - shown.length, rangeOf(firstHidden.span))];
}

import type { Position, Range, TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Analysis, ConfigProblem, Span } from "../core/index.ts";
import { analyze, readConfig, Readings } from "../core/index.ts";
import { configFileName } from "../workspace/configFile.ts";
import { pathOfUri } from "../workspace/fileUri.ts";
import type { PositionEncoding } from "./positions.ts";
import { offsetAt, rangeOf, utf16Position } from "./positions.ts";

/** A document that the client has open, with what its text tells, made once for each version and only when asked for. */
export class OpenDocument {
  readonly uri: string;
  /** On this machine's disk; undefined for any other scheme. */
  readonly path: string | undefined;
  /** True for keyline.jsonc, which holds configuration, not references. */
  readonly isConfig: boolean;
  readonly #encoding: PositionEncoding;
  readonly #content: TextDocument;
  readonly #readings = new Readings();
  #analysis: Analysis | undefined;
  #configProblems: readonly ConfigProblem[] | undefined;

  constructor(item: TextDocumentItem, encoding: PositionEncoding) {
    this.uri = item.uri;
    this.path = pathOfUri(item.uri);
    this.isConfig = item.uri.endsWith(`/${configFileName}`);
    this.#encoding = encoding;
    this.#content = TextDocument.create(item.uri, item.languageId, item.version, item.text);
  }

  get version(): number {
    return this.#content.version;
  }

  text(): string {
    return this.#content.getText();
  }

  /** Applies changes in their order; each one's range is in the text that the ones before it left. */
  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    for (const change of changes) {
      const converted =
        "range" in change
          ? {
              text: change.text,
              range: {
                start: utf16Position(this.#content, change.range.start, this.#encoding),
                end: utf16Position(this.#content, change.range.end, this.#encoding),
              },
            }
          : change;
      TextDocument.update(this.#content, [converted], version);
    }
    if (changes.length === 0) TextDocument.update(this.#content, [], version);
    this.#analysis = undefined;
    this.#configProblems = undefined;
  }

  analysis(): Analysis {
    this.#analysis ??= analyze(this.uri, this.text(), this.#readings);
    return this.#analysis;
  }

  configProblems(): readonly ConfigProblem[] {
    this.#configProblems ??= readConfig(this.uri, this.text()).problems;
    return this.#configProblems;
  }

  offsetAt(position: Position): number {
    return offsetAt(this.#content, position, this.#encoding);
  }

  rangeOf(span: Span): Range {
    return rangeOf(this.#content, span, this.#encoding);
  }
}

import type { Position, Range, TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Analysis, ConfigProblem, DetailedAnalysis, FileRole, SameText, Span } from "../core/index.ts";
import { analyzeInDetail, editedAnalysis, readConfig } from "../core/index.ts";
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
  #analysis: Analysis | undefined;
  /** The last analysis of a whole text; while edits stay inside one scalar, the rest of it still holds. */
  #whole: DetailedAnalysis | undefined;
  /** What is the same in the text of `#whole` and the text now. */
  #same: SameText = { prefix: 0, suffix: 0 };
  #role: FileRole = {};
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
      this.#same = sameAfter(this.#same, this.#content, converted);
      TextDocument.update(this.#content, [converted], version);
    }
    if (changes.length === 0) TextDocument.update(this.#content, [], version);
    this.#analysis = undefined;
    this.#configProblems = undefined;
  }

  /** What the files around it tell. Where that is news, the text is read anew. */
  setRole(role: FileRole): void {
    if (role.rendered === this.#role.rendered) return;
    this.#role = role;
    this.#whole = undefined;
    this.#analysis = undefined;
  }

  analysis(): Analysis {
    this.#analysis ??= this.#analyze();
    return this.#analysis;
  }

  #analyze(): Analysis {
    const text = this.text();
    const edited = this.#whole === undefined ? undefined : editedAnalysis(this.#whole, text, this.#same);
    if (edited !== undefined) return edited;
    this.#whole = analyzeInDetail(this.uri, text, this.#role);
    this.#same = { prefix: text.length, suffix: text.length };
    return this.#whole.analysis;
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

/** What is still the same as in an earlier text when one more change, not applied yet, is applied to `content`. */
function sameAfter({ prefix, suffix }: SameText, content: TextDocument, change: TextDocumentContentChangeEvent): SameText {
  if (!("range" in change)) return { prefix: 0, suffix: 0 };
  const length = content.getText().length;
  // A client may name a range backwards, which is applied all the same.
  const [start, end] = [content.offsetAt(change.range.start), content.offsetAt(change.range.end)].sort((a, b) => a - b);
  return { prefix: Math.min(prefix, start ?? 0), suffix: Math.min(suffix, length - (end ?? length)) };
}

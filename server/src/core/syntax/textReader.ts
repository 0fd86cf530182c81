/** Reads the expressions of a YAML text, scalar by scalar, and of its comments where Harness sees them. */
import { append } from "../model/append.ts";
import type { Finding } from "../model/finding.ts";
import type { Reference } from "../model/reference.ts";
import type { ExpressionText } from "../model/snapshot.ts";
import type { Span } from "../model/span.ts";
import { dialectMark } from "./dialects.ts";
import { NextPlace } from "./nextPlace.ts";
import type { TextPlace, TextReading } from "./readScalar.ts";
import { readComment, readScalar } from "./readScalar.ts";
import type { Scalar, YamlScan } from "./yamlNode.ts";

/** A scalar that holds an expression, and where it stands. */
export interface PlacedScalar {
  readonly scalar: Scalar;
  readonly place: TextPlace;
}

export class TextReader {
  readonly references: Reference[] = [];
  readonly findings: Finding[] = [];
  readonly expressionTexts: ExpressionText[] = [];
  readonly expressionScalars: PlacedScalar[] = [];
  readonly #text: string;
  readonly #scan: YamlScan;
  readonly #places: readonly TextPlace[];
  readonly #expressions: NextPlace;
  readonly #dialects: NextPlace;
  #document = 0;

  /** `places` has one for each document of the scan. */
  constructor(text: string, scan: YamlScan, places: readonly TextPlace[]) {
    this.#text = text;
    this.#scan = scan;
    this.#places = places;
    this.#expressions = new NextPlace(text, "<+");
    this.#dialects = new NextPlace(text, dialectMark);
  }

  /** Every scalar but those that are read in another way. */
  readScalars(others: ReadonlySet<Scalar>): void {
    for (const scalar of this.#scan.scalars) {
      if (others.has(scalar)) continue;
      const quoting = scalar.broken !== true && (scalar.style === "single" || scalar.style === "double") ? scalar.style : "none";
      const holdsExpression = this.#holdsExpression(scalar, quoting);
      if (!this.#mayMatter(scalar, holdsExpression)) continue;
      const place = this.#placeAt(scalar.start);
      if (place === undefined) continue;
      if (holdsExpression) this.expressionScalars.push({ scalar, place });
      this.#add(readScalar(this.#text, scalar, place));
    }
  }

  readComments(): void {
    this.#document = 0;
    for (const comment of this.#scan.comments) {
      const holdsExpression = this.#holdsExpression(comment, "none");
      const place = holdsExpression || this.#mayMatter(comment, false) ? this.#placeAt(comment.start) : undefined;
      if (place !== undefined) this.#add(readComment(this.#text, comment, place));
    }
  }

  #holdsExpression({ start, end }: Span, quoting: ExpressionText["quoting"]): boolean {
    if (this.#expressions.after(start) >= end - 1) return false;
    this.expressionTexts.push({ span: { start, end }, quoting });
    return true;
  }

  #mayMatter({ start, end }: Span, holdsExpression: boolean): boolean {
    return end - start >= 8 && (holdsExpression || this.#dialects.after(start) < end);
  }

  /** Asked for ascending places. */
  #placeAt(start: number): TextPlace | undefined {
    const { documents } = this.#scan;
    while (this.#document + 1 < documents.length && (documents[this.#document]?.end ?? 0) <= start) this.#document++;
    return this.#places[this.#document];
  }

  #add({ references, findings }: TextReading): void {
    append(this.references, references);
    append(this.findings, findings);
  }
}

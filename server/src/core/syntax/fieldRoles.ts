/** What becomes of a text besides that its expressions are filled in: a shell reads it, or it is a condition. Told by its key. */
import type { RecognisedDocument } from "./recognise.ts";
import type { Scalar, YamlScan } from "./yamlNode.ts";

type Role = "script" | "condition";

const roles: ReadonlyMap<string, Role> = new Map([
  ["script", "script"],
  ["command", "script"],
  ["condition", "condition"],
]);
/** In the format of Harness 3.0 a step's script may stand right under `run`. */
const rolesOfVersionOne: ReadonlyMap<string, Role> = new Map([...roles, ["run", "script"]]);

/** The texts with a role, under where they start. */
type Places = ReadonlyMap<number, { readonly role: Role; readonly end: number }>;

/** Looked up only when a text asks for it, for few do. */
export class FieldRoles {
  readonly #text: string;
  readonly #scan: YamlScan;
  readonly #documents: readonly RecognisedDocument[];
  readonly #around: FieldRoles | undefined;
  #known: Places | undefined;
  #template: boolean | undefined;

  /** `around` is told of the file that holds this text in one of its values. */
  constructor(text: string, scan: YamlScan, documents: readonly RecognisedDocument[], around?: FieldRoles) {
    this.#text = text;
    this.#scan = scan;
    this.#documents = documents;
    this.#around = around;
  }

  /** True for a text that a shell reads once Harness has filled in its expressions. */
  isScript({ start }: Scalar): boolean {
    return this.#roles().get(start)?.role === "script";
  }

  /** True for a text that is evaluated as one expression. */
  isCondition({ start }: Scalar): boolean {
    return this.#roles().get(start)?.role === "condition";
  }

  /** True where the file is plainly a template of Terraform or the like: its marks stand outside scripts and comments. */
  isTemplate(): boolean {
    return (this.#template ??= this.#hasMarkOutside() || this.#around?.isTemplate() === true);
  }

  #roles(): Places {
    return (this.#known ??= rolesIn(this.#text, this.#scan, this.#documents));
  }

  #hasMarkOutside(): boolean {
    const scripts = [...this.#roles()].filter(([, { role }]) => role === "script").map(([start, { end }]) => ({ start, end }));
    const passed = [...scripts, ...this.#scan.comments].sort((a, b) => a.start - b.start);
    let next = 0;
    for (const { index } of this.#text.matchAll(templateMark)) {
      while ((passed[next]?.end ?? Infinity) <= index) next++;
      if ((passed[next]?.start ?? Infinity) > index) return true;
    }
    return false;
  }
}

/** `${{` is none: so begin the expressions of Harness 3.0. */
const templateMark = /\$\{(?!\{)|%\{/g;

export function holdsTemplateMark(text: string): boolean {
  return text.search(templateMark) >= 0;
}

function rolesIn(text: string, scan: YamlScan, documents: readonly RecognisedDocument[]): Places {
  const found = new Map<number, { readonly role: Role; readonly end: number }>();
  scan.documents.forEach(({ root }, index) => {
    const document = documents[index];
    if (root === undefined || document?.isHarness !== true) return;
    const byKey = document.isV1 ? rolesOfVersionOne : roles;
    const pending = [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      for (const child of node.children) {
        if (child.kind !== "scalar") pending.push(child);
        else if (child.scalar !== undefined && child.key !== undefined) {
          const role = byKey.get(text.slice(child.key.start, child.key.end));
          if (role !== undefined) found.set(child.scalar.start, { role, end: child.scalar.end });
        }
      }
    }
  });
  return found;
}

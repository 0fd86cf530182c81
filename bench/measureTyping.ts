import { TextDocument } from "vscode-languageserver-textdocument";
import type { BenchedServer } from "./benchedServer.ts";
import { processorMs, residentMib } from "./processCost.ts";
import { median, percentile } from "./statistics.ts";

/** What one server process took for one document. Milliseconds, and MiB for memory. */
export interface TypingCosts {
  readonly openMs: number;
  readonly residentMib: number | undefined;
  readonly firstKeystrokeMs: number | undefined;
  readonly keystrokeMs: number | undefined;
  readonly completionMedianMs: number;
  readonly completionP99Ms: number;
  readonly hoverMedianMs: number;
  readonly hoverP99Ms: number;
}

export interface TypingCounts {
  readonly keystrokes: number;
  readonly completions: number;
  readonly hovers: number;
}

const uri = "file:///bench/pipeline.yaml";
/** Typed and taken back again, so that the text stays one that a person could have. */
const typed = "abcdefgh";

/** Types in the middle of the document's middle secret expression, as a person does. */
export async function measureTyping(server: BenchedServer, text: string, counts: TypingCounts): Promise<TypingCosts> {
  const content = TextDocument.create(uri, "yaml", 1, text);
  const spots = [...text.matchAll(/secrets\.getValue\(["'][\w.]+/g)].map((match) => match.index + match[0].length);
  const place = content.positionAt(spots[spots.length >> 1] ?? 0);
  let version = 1;
  let length = 0;
  let growing = true;
  const cursor = (): { line: number; character: number } => ({ line: place.line, character: place.character + length });
  const type = async (): Promise<void> => {
    if (length === 0) growing = true;
    if (length === typed.length) growing = false;
    const end = cursor();
    const start = growing ? end : { line: end.line, character: end.character - 1 };
    const change = { range: { start, end }, text: growing ? typed.charAt(length) : "" };
    length += growing ? 1 : -1;
    await server.notify("textDocument/didChange", { textDocument: { uri, version: ++version }, contentChanges: [change] });
  };

  const opened = server.published();
  const before = performance.now();
  await server.notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version, text } });
  await opened;
  const openMs = performance.now() - before;
  const memory = residentMib(server.pid);

  const keystrokeMs = async (): Promise<number | undefined> => {
    const cpuBefore = processorMs(server.pid);
    const told = server.published();
    await type();
    await told;
    // The answer of a request comes behind all that the publishing set off.
    await server.request("textDocument/hover", { textDocument: { uri: "file:///bench/none.yaml" }, position: cursor() });
    const cpuAfter = processorMs(server.pid);
    return cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
  };
  const firstKeystrokeMs = await keystrokeMs();

  const timed = async (method: string, position: object): Promise<number> => {
    const start = performance.now();
    await server.request(method, { textDocument: { uri }, position });
    return performance.now() - start;
  };
  const completions: number[] = [];
  for (let index = 0; index < counts.completions; index++) {
    const start = performance.now();
    await type();
    await timed("textDocument/completion", cursor());
    completions.push(performance.now() - start);
  }
  // Behind the completions, as Node has compiled by then what typing runs.
  const keystrokes: number[] = [];
  for (let index = 0; index < counts.keystrokes; index++) {
    const cost = await keystrokeMs();
    if (cost !== undefined) keystrokes.push(cost);
  }
  const hovers: number[] = [];
  for (let index = 0; index < counts.hovers; index++) hovers.push(await timed("textDocument/hover", content.positionAt((spots[(index * 7) % spots.length] ?? 1) - 1)));

  return {
    openMs,
    residentMib: memory,
    firstKeystrokeMs,
    keystrokeMs: keystrokes.length === 0 ? undefined : median(keystrokes),
    completionMedianMs: median(completions),
    completionP99Ms: percentile(completions, 0.99),
    hoverMedianMs: median(hovers),
    hoverP99Ms: percentile(hovers, 0.99),
  };
}

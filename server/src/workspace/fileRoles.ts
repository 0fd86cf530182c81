import { posix } from "node:path";
import type { FileRole } from "../core/index.ts";
import { nodeText } from "../core/syntax/recognise.ts";
import type { YamlNode } from "../core/syntax/yamlNode.ts";
import { childOf } from "../core/syntax/yamlNode.ts";
import { scanYaml } from "../core/syntax/yamlScan.ts";

const kustomizationName = /(?:^|\/)kustomization\.ya?ml$/;
const chartName = /(?:^|\/)Chart\.yaml$/;
/** Of a chart itself: Helm reads them, Harness does not. */
const chartFileName = /(?:^|\/)(?:Chart|requirements)\.ya?ml$/;
/** A patch may be written in place of its path. */
const maxPathLength = 1000;

/** True for a file whose name or text tells which role other files play. */
export function tellsRoles(path: string): boolean {
  return chartName.test(path) || kustomizationName.test(path);
}

export function isKustomization(path: string): boolean {
  return kustomizationName.test(path);
}

/** The patches that a kustomization names, by their paths below the root. What leaves the root is left out. */
export function patchPaths(path: string, text: string): readonly string[] {
  const folder = posix.dirname(path);
  const paths = new Set<string>();
  for (const { root } of scanYaml(text).documents) {
    for (const key of ["patches", "patchesStrategicMerge", "patchesJson6902"]) {
      for (const item of childOf(text, root, key)?.children ?? []) {
        const named = pathOf(text, item);
        if (named === undefined) continue;
        const below = posix.normalize(posix.join(folder, named));
        if (below !== ".." && !below.startsWith("../")) paths.add(below);
      }
    }
  }
  return [...paths];
}

function pathOf(text: string, item: YamlNode): string | undefined {
  const node = item.kind === "map" ? childOf(text, item, "path") : item;
  if (node?.scalar === undefined || node.scalar.end - node.scalar.start > maxPathLength) return undefined;
  const written = (nodeText(text, node) ?? "").trim();
  return /^[^\n/][^\n]*\.ya?ml$/i.test(written) ? written : undefined;
}

/** Which files of a folder Harness renders as a whole, as far as the files around them tell. All paths are below one root, with `/`. */
export class FileRoles {
  readonly #charts = new Set<string>();
  readonly #patchesBy = new Map<string, readonly string[]>();
  #patches: ReadonlySet<string> | undefined;

  of(path: string): FileRole {
    this.#patches ??= new Set([...this.#patchesBy.values()].flat());
    const isBesideChart = this.#charts.has(posix.dirname(path)) && !chartFileName.test(path) && !isKustomization(path);
    return isBesideChart || this.#patches.has(path) ? { rendered: true } : {};
  }

  putChart(path: string): void {
    this.#charts.add(posix.dirname(path));
  }

  putKustomization(path: string, text: string): void {
    // A piece of a string keeps the whole string in memory; a copy keeps only itself.
    this.#patchesBy.set(path, JSON.parse(JSON.stringify(patchPaths(path, text))) as readonly string[]);
    this.#patches = undefined;
  }

  /** The file is not there any more. */
  forget(path: string): void {
    if (chartName.test(path)) this.#charts.delete(posix.dirname(path));
    if (this.#patchesBy.delete(path)) this.#patches = undefined;
  }

  /** The folder is not there any more. */
  forgetBelow(folder: string): void {
    for (const chart of [...this.#charts]) if (isAtOrBelow(folder, chart)) this.#charts.delete(chart);
    for (const path of [...this.#patchesBy.keys()]) if (isAtOrBelow(folder, path)) this.forget(path);
  }
}

function isAtOrBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

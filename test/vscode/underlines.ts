import type { Page } from "playwright-core";

export interface Underline {
  readonly severity: "error" | "warning" | "info" | "hint";
  /** The text above it, as a person reads it. */
  readonly text: string;
}

/** What is underlined on the screen: for each squiggle, the letters that stand over it. */
export function underlinedTexts(page: Page): Promise<readonly Underline[]> {
  return page.evaluate(() => {
    const editor = document.querySelector(".editor-group-container.active .monaco-editor");
    if (editor === null) {
      return [];
    }
    const lines = [...editor.querySelectorAll(".view-lines .view-line")].map((line) => ({ line, box: line.getBoundingClientRect() }));
    return (["error", "warning", "info", "hint"] as const).flatMap((severity) =>
      [...editor.querySelectorAll(`.view-overlays .squiggly-${severity}`)].map((squiggle) => {
        const box = squiggle.getBoundingClientRect();
        const middle = box.top + box.height / 2;
        const over = lines.find((candidate) => candidate.box.top <= middle && middle <= candidate.box.bottom);
        return { severity, text: over === undefined ? "" : lettersBetween(over.line, box.left, box.right) };
      }),
    );

    function lettersBetween(line: Element, left: number, right: number): string {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      let letters = "";
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        for (let at = 0; at < (node.nodeValue?.length ?? 0); at++) {
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const box = range.getBoundingClientRect();
          const centre = (box.left + box.right) / 2;
          if (left <= centre && centre <= right) {
            letters += range.toString();
          }
        }
      }
      return letters.replaceAll("\u00a0", " ");
    }
  });
}

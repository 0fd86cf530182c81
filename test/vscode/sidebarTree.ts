import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

/** Words of a line, or the beginning of what a screen reader says of it. */
export type Line = string | RegExp | { readonly spoken: string };

function words(line: Line): string {
  return typeof line === "object" && "spoken" in line ? line.spoken : String(line);
}

/** One of Keyline's views in the sidebar, used as a person does. */
export class SidebarTree {
  readonly #workbench: Workbench;
  readonly #view: "Connectors" | "Vaults";

  constructor(workbench: Workbench, view: "Connectors" | "Vaults") {
    this.#workbench = workbench;
    this.#view = view;
  }

  get #pane(): Locator {
    return this.#workbench.page.locator(".sidebar .pane").filter({ has: this.#workbench.page.locator(`.pane-header[aria-label^="${this.#view}"]`) });
  }

  /** Opens the sidebar by Keyline's icon in the activity bar. */
  async open(): Promise<void> {
    await this.#workbench.page.locator(".activitybar .action-item").filter({ has: this.#workbench.page.locator("a.action-label[aria-label^='Keyline']") }).click();
    await this.#pane.waitFor();
  }

  async isOpen(): Promise<boolean> {
    return this.#pane.isVisible();
  }

  /** The first line that holds `label`, or is spoken so from its beginning. */
  row(label: Line): Locator {
    if (typeof label === "object" && "spoken" in label) return this.#pane.locator(`.pane-body .monaco-list-row[aria-label^="${label.spoken}"]`).first();
    return this.#pane.locator(".pane-body .monaco-list-row").filter({ hasText: label }).first();
  }

  /** Each line as it stands on the screen, from the top. */
  async lines(): Promise<readonly string[]> {
    const rows = await this.#pane.locator(".pane-body .monaco-list-row").evaluateAll((elements) =>
      elements.map((element) => ({ top: element.getBoundingClientRect().top, text: (element as HTMLElement).innerText })),
    );
    return rows.sort((one, other) => one.top - other.top).map(({ text }) => text.replace(/\s+/g, " ").trim());
  }

  /** Waits until the lines are as `fits` wants them. */
  async waitForLines(what: string, fits: (lines: readonly string[]) => boolean): Promise<readonly string[]> {
    return this.#workbench.waitFor(what, async () => {
      const lines = await this.lines();
      return fits(lines) ? { value: lines } : { seen: JSON.stringify(lines) };
    });
  }

  /** Unfolds a line with the mouse. */
  async expand(label: Line): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
    await this.#workbench.waitFor(`${words(label)} to unfold`, async () => {
      const expanded = await row.getAttribute("aria-expanded");
      return expanded === "true" ? { value: true } : { seen: String(expanded) };
    });
  }

  /** Folds a line up with the mouse. */
  async fold(label: Line): Promise<void> {
    const row = this.row(label);
    if ((await row.getAttribute("aria-expanded")) === "true") await row.locator(".monaco-tl-twistie").click();
    await this.#workbench.waitFor(`${words(label)} to fold`, async () => {
      const expanded = await row.getAttribute("aria-expanded");
      return expanded === "false" ? { value: true } : { seen: String(expanded) };
    });
  }

  /** What a screen reader says of a line, once it says what is expected. */
  async spoken(label: Line, expected: RegExp, timeoutMs?: number): Promise<string> {
    return this.#workbench.waitFor(`the words for ${words(label)}`, async () => {
      const words = (await this.row(label).getAttribute("aria-label")) ?? "";
      return expected.test(words) ? { value: words } : { seen: words };
    }, timeoutMs);
  }

  /** Waits until the line with the keyboard's focus is said as expected. */
  async waitForFocus(expected: RegExp): Promise<void> {
    await this.#workbench.waitFor(`the focus on ${String(expected)}`, async () => {
      const focused = this.#pane.locator(".monaco-list-row.focused");
      const words = (await focused.count()) === 0 ? "" : ((await focused.first().getAttribute("aria-label")) ?? "");
      return expected.test(words) ? { value: true } : { seen: words };
    });
  }

  /**
   * Opens the context menu of a line and chooses an entry by its words, until what it leads to is there. While VS Code
   * asks a tree for its lines anew, a menu's entry runs without its line, and asks which one is meant: like a person,
   * this leaves the question and tries again.
   */
  async choose(label: Line, entry: string, until?: Locator | (() => Promise<unknown>)): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.#chooseOnce(label, entry);
      if (until === undefined) return;
      try {
        await (typeof until === "function" ? until() : until.waitFor({ timeout: 10_000 }));
        return;
      } catch (error) {
        if (tries === 3) throw error;
        await this.#workbench.page.keyboard.press("Escape");
      }
    }
  }

  async #chooseOnce(label: Line, entry: string): Promise<void> {
    await this.row(label).click({ button: "right" });
    const item = this.#workbench.page.locator(".monaco-menu .action-item", { hasText: entry }).first();
    await item.hover();
    // A menu takes no click in the first moments after it has opened.
    await this.#workbench.page.locator(".monaco-menu .action-item.focused", { hasText: entry }).waitFor();
    await this.#workbench.page.keyboard.press("Enter");
  }
}

import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

/** The boxes of a series of steps, used with the keyboard alone. */
export class Steps {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Types into the open box and passes it with Enter. `prompt` is the box's own line. */
  async type(prompt: string | RegExp, text: string): Promise<void> {
    await this.waitFor(prompt);
    await this.#input().fill(text);
    await this.#workbench.page.keyboard.press("Enter");
  }

  /** Passes the open box with what it holds, or with the line that is active. */
  async enter(prompt: string | RegExp): Promise<void> {
    await this.waitFor(prompt);
    await this.#workbench.page.keyboard.press("Enter");
  }

  /** Moves to the line with the arrows and chooses it. */
  async choose(prompt: string | RegExp, label: string): Promise<void> {
    await this.waitFor(prompt);
    const wanted = this.rows().filter({ hasText: label }).first();
    await wanted.waitFor();
    let pressedAt: string | undefined;
    await this.#workbench.waitFor(`the line ${label} to be active`, async () => {
      const active = await this.#activeLine();
      if (active.includes(label)) return { value: undefined };
      // The next key only when the last one has had its effect.
      if (active !== "" && active !== pressedAt) {
        pressedAt = active;
        await this.#workbench.page.keyboard.press("ArrowDown");
      }
      return { seen: active };
    });
    await this.#workbench.page.keyboard.press("Enter");
  }

  async waitFor(prompt: string | RegExp): Promise<void> {
    await this.#workbench.waitFor(`the box "${String(prompt)}"`, async () => {
      const text = await this.text();
      const placeholder = (await this.#input().getAttribute("placeholder").catch(() => null)) ?? "";
      const fits = (one: string): boolean => (typeof prompt === "string" ? one.includes(prompt) : prompt.test(one));
      return fits(text) || fits(placeholder) ? { value: undefined } : { seen: `${text} | ${placeholder}` };
    });
  }

  /** All words of the open box. */
  async text(): Promise<string> {
    return (await this.#widget().innerText().catch(() => "")).replaceAll("\u00a0", " ");
  }

  /** How the open box shows what is typed: `password` hides it. */
  async inputType(): Promise<string> {
    return (await this.#input().getAttribute("type")) ?? "";
  }

  rows(): Locator {
    return this.#widget().locator(".quick-input-list .monaco-list-row");
  }

  /** As a screen reader is told of it. */
  #activeLine(): Promise<string> {
    return this.#workbench.page.evaluate(() => {
      const id = document.querySelector(".quick-input-widget input.input")?.getAttribute("aria-activedescendant");
      return (id === null || id === undefined ? undefined : document.getElementById(id)?.innerText) ?? "";
    });
  }

  #widget(): Locator {
    return this.#workbench.page.locator(".quick-input-widget:visible");
  }

  #input(): Locator {
    return this.#widget().locator("input.input").first();
  }
}

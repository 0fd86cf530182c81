import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium as playwrightChromium, type Browser, type Locator, type Page } from "playwright-core";
import { underlinedTexts, type Underline } from "./underlines.ts";

export const defaultTimeoutMs = 45_000;
const launchFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface WorkbenchOptions {
  readonly url: string;
  /** The browser's program. */
  readonly chromium: string;
  /** Where `screenshot` writes. */
  readonly screenshotsPath: string;
  /** Called on each page before it loads. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface Problem {
  /** `error`, `warning`, `info`. */
  readonly severity: string;
  /** The row's words as they stand on the screen. */
  readonly text: string;
}

/** A VS Code window, used as a person does: keys, mouse, and what stands on the screen. Every wait is for the screen. */
export class Workbench {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #screenshotsPath: string;

  constructor(browser: Browser, page: Page, screenshotsPath: string) {
    this.#browser = browser;
    this.page = page;
    this.#screenshotsPath = screenshotsPath;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Opens a file of the folder by its name or path, as Ctrl+P does, and waits for its text. */
  async openFile(relativePath: string): Promise<void> {
    const name = path.posix.basename(relativePath);
    await this.page.keyboard.press("Control+p");
    await this.#fillQuickInput(relativePath);
    await this.#quickInputRow(name).click();
    await this.page.locator(".tabs-container .tab.active").filter({ hasText: name }).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor .view-line").first().waitFor();
    await this.focusEditor();
  }

  async focusEditor(): Promise<void> {
    await this.#pressUntil(() => this.page.keyboard.press("Control+1"), this.page.locator(".editor-group-container.active .monaco-editor.focused"));
  }

  /** Puts the cursor at a line and column, both counted from 1. */
  async moveTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press("Control+g");
    await this.#fillQuickInput(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".statusbar-item", { hasText: `Ln ${line}, Col ${column}` }).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 10 });
  }

  /** Puts the cursor behind the first `needle` of the file, with the editor's own search. Throws when it is not there. */
  async moveBehind(needle: string): Promise<void> {
    await this.select(needle);
    // The match is selected; this leaves the cursor at its end.
    await this.page.keyboard.press("ArrowRight");
    await this.page.locator(".statusbar-item", { hasText: /^Ln \d+, Col \d+$/ }).waitFor();
  }

  /** Selects the first `needle` of the file. */
  async select(needle: string): Promise<void> {
    const widget = await this.#findFromTop();
    const find = widget.locator("textarea.input").first();
    const matchCase = widget.locator(".codicon-case-sensitive").first();
    if ((await matchCase.getAttribute("aria-checked")) !== "true") {
      await matchCase.click();
    }
    await find.fill(needle);
    // The count names the match that is selected, which is the first one as the cursor stood at the top.
    await widget.locator(".matchesCount").filter({ hasText: /^1 of / }).waitFor();
    await this.#pressUntil(() => find.press("Escape"), this.page.locator(".editor-group-container.active .monaco-editor.focused"));
    await this.page.locator(".statusbar-item", { hasText: `(${String(needle.length)} selected)` }).waitFor();
  }

  async #findFromTop(): Promise<Locator> {
    const widget = this.page.locator(".find-widget.visible");
    await this.#pressUntil(async () => {
      await this.page.keyboard.press("Control+Home");
      await this.page.keyboard.press("Control+f");
    }, widget);
    return widget;
  }

  /** VS Code learns of a focus a moment after the page has it, and drops the keys in between: like a person, this presses again. */
  async #pressUntil(press: () => Promise<void>, expected: Locator): Promise<void> {
    for (let tries = 1; ; tries++) {
      await press();
      try {
        await expected.waitFor({ timeout: 5000 });
        return;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  /** Asks for completions and gives the names on the screen. */
  async triggerSuggest(): Promise<readonly string[]> {
    const rows = this.page.locator(".suggest-widget.visible .monaco-list-row");
    await this.#pressUntil(() => this.page.keyboard.press("Control+Space"), rows.first());
    return this.suggestions();
  }

  async suggestions(): Promise<readonly string[]> {
    const names = await this.page.locator(".suggest-widget.visible .monaco-list-row .label-name").allTextContents();
    return names.map((name) => name.trim());
  }

  /** Takes the completion of this name, which stands in the open list. */
  async acceptSuggestion(name: string): Promise<void> {
    await this.page.locator(".suggest-widget.visible .monaco-list-row").filter({ has: this.page.getByText(name, { exact: true }) }).first().click();
    await this.page.locator(".suggest-widget.visible").waitFor({ state: "hidden" });
  }

  /** The text of the hover at the cursor. */
  async hoverText(expected: string | RegExp): Promise<string> {
    const hover = await this.#hover(expected);
    return (await hover.innerText()).replaceAll("\u00a0", " ");
  }

  /** How many elements of the hover at the cursor, as it is rendered, match the CSS selector. */
  async hoverElements(expected: string | RegExp, selector: string): Promise<number> {
    const hover = await this.#hover(expected);
    return hover.locator(".rendered-markdown").locator(selector).count();
  }

  /** Underlined texts in the part of the file that is on the screen. */
  underlines(): Promise<readonly Underline[]> {
    return underlinedTexts(this.page);
  }

  /** Waits until the words under the underlines are as `condition` wants them. */
  async waitForUnderlines(what: string, condition: (all: readonly Underline[]) => boolean): Promise<readonly Underline[]> {
    return this.waitFor(what, async () => {
      const all = await this.underlines();
      return condition(all) ? { value: all } : { seen: JSON.stringify(all) };
    });
  }

  /** The rows of the Problems panel, which is opened for it. */
  async problems(): Promise<readonly Problem[]> {
    await this.showProblems();
    const rows = this.page.locator(".markers-panel .monaco-list-row").filter({ has: this.page.locator(".marker-icon") });
    const texts = await rows.evaluateAll((elements) =>
      elements.map((row) => ({ label: row.getAttribute("aria-label") ?? "", text: (row as HTMLElement).innerText })),
    );
    return texts.map(({ label, text }) => ({
      // The icon of a selected row turns into a bulb; the words for a screen reader stay.
      severity: /^[a-z]+/i.exec(label)?.[0].toLowerCase() ?? "",
      text: text.replace(/\s+/g, " ").trim(),
    }));
  }

  async showProblems(): Promise<void> {
    await this.runCommand("Problems: Focus on Problems View");
    await this.page.locator(".part.panel:focus-within .markers-panel").first().waitFor();
  }

  /** The lines on the screen, from the top. */
  async visibleLines(): Promise<readonly string[]> {
    const lines = await this.page.locator(".editor-group-container.active .monaco-editor .view-lines .view-line").evaluateAll((elements) =>
      elements.map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent })),
    );
    return lines.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll("\u00a0", " "));
  }

  /** The visible text, one line after the other. */
  async editorText(): Promise<string> {
    return (await this.visibleLines()).join("\n");
  }

  /** What is selected in the editor, as the clipboard takes it. */
  async selectedText(): Promise<string> {
    await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await this.page.evaluate(() => navigator.clipboard.writeText(""));
    await this.focusEditor();
    await this.page.keyboard.press("Control+c");
    return this.waitFor("the selected text", async () => {
      const value = await this.page.evaluate(() => navigator.clipboard.readText());
      return value === "" ? { seen: "nothing" } : { value };
    });
  }

  /** Runs a command by its name in the command palette. */
  async runCommand(name: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.#fillQuickInput(`>${name}`);
    await this.#quickInputRow(name).click();
  }

  /** The text of the language status, `{}` in the status bar: each row that an extension put there. */
  async languageStatus(expected: string | RegExp): Promise<string> {
    const item = this.page.locator("#status\\.languageStatus");
    await item.waitFor();
    await item.click();
    const hover = this.page.locator(".hover-language-status").filter({ hasText: expected, visible: true });
    await hover.first().waitFor();
    const rows = await hover.allInnerTexts();
    return rows.join("\n").replaceAll("\u00a0", " ");
  }

  /** The texts of the notifications on the screen. */
  async notifications(): Promise<readonly string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }

  /** Waits for a notification. A failure lists all that were seen meanwhile, because they hide themselves. */
  async waitForNotification(expected: RegExp): Promise<void> {
    const seen = new Set<string>();
    await this.waitFor(`the notification ${String(expected)}`, async () => {
      const texts = await this.notifications();
      texts.forEach((text) => seen.add(text));
      return texts.some((text) => expected.test(text)) ? { value: undefined } : { seen: [...seen].join(" | ") };
    });
  }

  /** Waits for a modal dialog, gives its text and presses its button. */
  async answerDialog(button: string): Promise<string> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const text = await dialog.innerText();
    await dialog.getByRole("button", { name: button, exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
    return text;
  }

  /** Picks the row that holds `text` in an open quick pick. */
  async pick(text: string): Promise<void> {
    await this.#quickInputRow(text).click();
  }

  async screenshot(name: string): Promise<string> {
    await mkdir(this.#screenshotsPath, { recursive: true });
    const file = path.join(this.#screenshotsPath, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Asks again at each frame of the page until `read` gives a value. Throws with what was seen last. */
  async waitFor<T>(what: string, read: () => Promise<{ readonly value: T } | { readonly seen: string }>, timeoutMs = defaultTimeoutMs): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answer = await read();
      if ("value" in answer) {
        return answer.value;
      }
      if (Date.now() > deadline) {
        throw new Error(`${what}: not within ${timeoutMs / 1000} s. Last seen: ${answer.seen}`);
      }
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));
    }
  }

  async #hover(expected: string | RegExp): Promise<ReturnType<Page["locator"]>> {
    await this.runCommand("Show or Focus Hover");
    const hover = this.page.locator(".monaco-resizable-hover .monaco-hover, .monaco-editor .monaco-hover").filter({ hasText: expected, visible: true }).first();
    await hover.waitFor();
    return hover;
  }

  async #fillQuickInput(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget:visible input.input").first();
    await input.waitFor();
    await input.fill(text);
  }

  #quickInputRow(text: string): ReturnType<Page["locator"]> {
    return this.page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row").filter({ hasText: text }).first();
  }
}

/** Opens a VS Code window at `url` and waits until it can be used. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const browser = await playwrightChromium.launch({ executablePath: options.chromium, args: launchFlags });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
    context.setDefaultTimeout(defaultTimeoutMs);
    const page = await context.newPage();
    await options.prepare?.(page);
    await page.goto(options.url);
    await page.locator(".monaco-workbench .part.statusbar").waitFor();
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
    return new Workbench(browser, page, options.screenshotsPath);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

export interface DesktopWorkbenchOptions {
  /** The desktop editor's program. */
  readonly executable: string;
  readonly launchArguments: readonly string[];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly screenshotsPath: string;
}

/** Starts the desktop editor with an open port for the driver, and takes its window. */
export async function openDesktopWorkbench(options: DesktopWorkbenchOptions): Promise<Workbench> {
  const child = spawn(options.executable, [...options.launchArguments, "--remote-debugging-port=0"], {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.once("error", reject);
    child.once("close", () => reject(new Error(`The desktop editor ended before its window opened.\n${printed.slice(-2_000)}`)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const listening = /DevTools listening on (ws:\S+)/.exec(printed);
      if (listening?.[1] !== undefined) {
        resolve(listening[1]);
      }
    });
  });
  const browser = await playwrightChromium.connectOverCDP(address);
  browser.on("disconnected", () => child.kill());
  const [context] = browser.contexts();
  if (context === undefined) {
    throw new Error("The desktop editor shows no window.");
  }
  context.setDefaultTimeout(defaultTimeoutMs);
  const page = context.pages()[0] ?? (await context.waitForEvent("page"));
  await page.locator(".monaco-workbench .part.statusbar").waitFor();
  return new Workbench(browser, page, options.screenshotsPath);
}

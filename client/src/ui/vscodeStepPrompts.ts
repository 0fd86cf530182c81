import type { QuickInput, QuickInputButton, QuickPickItem } from "vscode";
import { QuickInputButtons, window } from "vscode";
import type { Choice } from "./dialogs.ts";
import { brokenLines } from "./brokenLines.ts";
import type { ListStep, StepAnswer, StepHead, StepPrompts, TextStep } from "./stepPrompts.ts";

interface Item<T> extends QuickPickItem {
  /** Absent where the line is only to be read. */
  readonly choice?: Choice<T>;
}

/** Steps in VS Code's own boxes. */
export const vscodeStepPrompts: StepPrompts = { text, list };

function text({ head, prompt, value, placeholder, password, problem }: TextStep): Promise<StepAnswer<string>> {
  const box = window.createInputBox();
  setHead(box, head);
  box.prompt = prompt;
  box.password = password === true;
  box.value = value;
  box.buttons = buttonsOf(head);
  if (placeholder !== undefined) box.placeholder = placeholder;
  // An empty box is not blamed before anything was typed.
  if (value !== "") box.validationMessage = problem(value);
  return new Promise((resolve) => {
    box.onDidChangeValue((typed) => {
      box.validationMessage = problem(typed);
    });
    box.onDidAccept(() => {
      const wrong = problem(box.value);
      box.validationMessage = wrong;
      if (wrong === undefined) end(box, resolve, { kind: "next", value: box.value });
    });
    box.onDidTriggerButton((button) => {
      if (button === QuickInputButtons.Back) end(box, resolve, { kind: "back" });
    });
    box.onDidHide(() => {
      end(box, resolve, { kind: "leave" });
    });
    box.show();
  });
}

function list<T>({ head, prompt, notes = [], choices, active = 0, load }: ListStep<T>): Promise<StepAnswer<T>> {
  const pick = window.createQuickPick<Item<T>>();
  const fixed = choices.map(itemOf);
  const controller = new AbortController();
  setHead(pick, head);
  pick.placeholder = prompt;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = buttonsOf(head);
  const lines: readonly Item<T>[] = notes.flatMap(brokenLines).map((label) => ({ label }));
  pick.items = [...lines, ...fixed];
  const first = fixed[active];
  if (first !== undefined) pick.activeItems = [first];
  return new Promise((resolve) => {
    const finish = (answer: StepAnswer<T>): void => {
      controller.abort();
      end(pick, resolve, answer);
    };
    pick.onDidAccept(() => {
      const choice = pick.selectedItems[0]?.choice;
      if (choice !== undefined) finish({ kind: "next", value: choice.value });
    });
    pick.onDidTriggerButton((button) => {
      if (button === QuickInputButtons.Back) finish({ kind: "back" });
    });
    pick.onDidHide(() => {
      finish({ kind: "leave" });
    });
    pick.show();
    if (load === undefined) return;
    pick.busy = true;
    let hasArrived = false;
    const show = (arrived: readonly Choice<T>[]): void => {
      if (controller.signal.aborted) return;
      const items = arrived.map(itemOf);
      const active = pick.activeItems[0];
      // Enter must never choose another line than the person is at; only where nobody has moved yet, the first that arrives is active.
      const isUnmoved = active === undefined || (!hasArrived && active === first);
      const stays = isUnmoved ? undefined : [...items, ...lines, ...fixed].find((item) => item === active || (item.label === active.label && item.description === active.description));
      hasArrived ||= items.length > 0;
      pick.keepScrollPosition = true;
      pick.items = [...lines, ...items, ...fixed];
      const next = stays ?? items[0] ?? first;
      if (next !== undefined) pick.activeItems = [next];
    };
    void load(show, controller.signal).finally(() => {
      pick.busy = false;
    });
  });
}

function setHead(input: QuickInput, { title, step, total }: StepHead): void {
  input.title = title;
  input.step = step;
  input.totalSteps = total;
  input.ignoreFocusOut = true;
}

function buttonsOf(head: StepHead): readonly QuickInputButton[] {
  return head.canGoBack ? [QuickInputButtons.Back] : [];
}

function itemOf<T>(choice: Choice<T>): Item<T> {
  const { label, description, detail } = choice;
  return { label, choice, ...(description === undefined ? {} : { description }), ...(detail === undefined ? {} : { detail }) };
}

function end<T>(input: QuickInput, resolve: (answer: StepAnswer<T>) => void, answer: StepAnswer<T>): void {
  resolve(answer);
  input.dispose();
}

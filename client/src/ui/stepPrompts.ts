import type { Choice } from "./dialogs.ts";

/** What a person did at a step. */
export type StepAnswer<T> = { readonly kind: "next"; readonly value: T } | { readonly kind: "back" } | { readonly kind: "leave" };

/** What stands over every box of a series. */
export interface StepHead {
  readonly title: string;
  /** Counted from 1. */
  readonly step: number;
  readonly total: number;
  readonly canGoBack: boolean;
}

export interface TextStep {
  readonly head: StepHead;
  /** One line: what is asked for. */
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  /** For a value: what is typed is not shown. */
  readonly password?: true;
  /** What is wrong with the text, judged at each keystroke. Enter does not pass while something is. */
  readonly problem: (text: string) => string | undefined;
}

export interface ListStep<T> {
  readonly head: StepHead;
  readonly prompt: string;
  /** What is to be read before choosing, in whole sentences: a prompt is cut where the box ends. Choosing a line of it does nothing. */
  readonly notes?: readonly string[];
  readonly choices: readonly Choice<T>[];
  /** Which choice is active at first. */
  readonly active?: number;
  /**
   * Brings the choices as they arrive. `show` replaces what it showed before; `choices` stay below. The signal fires
   * when the person has chosen or left.
   */
  readonly load?: (show: (choices: readonly Choice<T>[]) => void, signal: AbortSignal) => Promise<void>;
}

/** The boxes of a series of steps. */
export interface StepPrompts {
  text(step: TextStep): Promise<StepAnswer<string>>;
  list<T>(step: ListStep<T>): Promise<StepAnswer<T>>;
}

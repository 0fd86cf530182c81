import type { StepAnswer, StepHead, StepPrompts } from "../../ui/stepPrompts.ts";
import type { ConnectorDraft } from "./connectorDraft.ts";
import type { WizardContext } from "./wizardContext.ts";

/** What every box of Fetch Vault works with. */
export interface FetchScene {
  readonly context: WizardContext;
  readonly head: StepHead;
  readonly prompts: StepPrompts;
  readonly draft: ConnectorDraft;
}

/** What a person did there; `manual` where they would rather type what was looked for. */
export type FetchPart<T> = StepAnswer<T> | { readonly kind: "manual" };

import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import { isVaultName } from "../../../server/src/core/model/vaultTarget.ts";
import type { NewVersion, SetResult } from "../../../server/src/vault/vaultWriteApi.ts";
import { askApproval, restrictedMessage, vaultLines } from "../azure/approvalCommands.ts";
import type { Step } from "../ui/multiStep.ts";
import { runSteps } from "../ui/multiStep.ts";
import { pickText } from "../ui/pickText.ts";
import type { AttributeAnswers } from "./attributeSteps.ts";
import { attributeLines, contentTypeStep, dateStep, enabledStep, newVersion, tagsStep } from "./attributeSteps.ts";
import type { Afterwards, Changed } from "./changeSecret.ts";
import { changeSecret, inTurn, mayCall } from "./changeSecret.ts";
import { knownVaultChoice, noVaultMessage } from "./chooseVault.ts";
import { lookAtRuns } from "./lookAtRuns.ts";
import { purgeDeleted } from "./purgeSecret.ts";
import { recoverDeleted } from "./recoverSecret.ts";
import type { SecretCommandsContext, SecretDraft } from "./secretCommandsContext.ts";
import { secretNameProblem, secretNameStep } from "./secretNameStep.ts";
import type { SecretSubject } from "./secretSource.ts";
import { contestedWords, failureWords, secretWords, unknownWords } from "./secretWords.ts";
import type { ValueAnswers } from "./valueStep.ts";
import { valueProblem, valueStep, valueWords } from "./valueStep.ts";

interface NewSecret extends ValueAnswers, AttributeAnswers {
  readonly vault?: VaultTarget;
  readonly name?: string;
}

/** How an attempt to write ended. What comes afterwards may take hours, so it holds no value. */
interface Done {
  readonly kind: "done";
  readonly subject?: SecretSubject;
  readonly afterwards?: Afterwards;
}

/** Where the steps begin again: with all answers kept. */
type Then = { readonly kind: "again"; readonly step: "name" | "create" } | Done;

const recoverButton = "Recover…";
const purgeButton = "Purge…";
const otherNameButton = "Choose Another Name";
const lookButton = "Look in Vault";
const copyLineButton = "Copy Decoding Line";

/** Creates a secret and offers a reference to it. Of the argument it takes nothing but which vault of our own tree is meant. */
export async function createSecretCommand(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const vault = context.source.vaultOf(argument);
  const subject = await createSecret(context, vault === undefined ? {} : { vault });
  if (subject !== undefined) await context.offerReference(subject);
}

/** Creates a secret step by step. Undefined where the person left or nothing was written. A value of the draft is never shown. */
export async function createSecret(context: SecretCommandsContext, draft: SecretDraft): Promise<SecretSubject | undefined> {
  const { dialogs, source } = context;
  if (!context.isTrusted()) {
    dialogs.tell(restrictedMessage);
    return undefined;
  }
  const tooLong = draft.value === undefined ? undefined : valueProblem(draft.value);
  if (tooLong !== undefined) {
    dialogs.tell(tooLong);
    return undefined;
  }
  const known = await source.vaults();
  const given = draft.vault ?? (known.length === 1 ? known[0]?.vault : undefined);
  if (given === undefined && known.length === 0) {
    dialogs.tell(noVaultMessage);
    return undefined;
  }
  if (given !== undefined && !(await askApproval(context, given))) return undefined;
  const done = await askAndWrite(context, draft, given);
  // A notification may stay for hours, and whoever waits here may hold the value of the draft.
  if (done?.afterwards !== undefined) {
    done.afterwards().catch(() => {
      context.log.error("It could not be told how the secret's creation ended. Look at the secret in the explorer.");
    });
  }
  return done?.subject;
}

async function askAndWrite(context: SecretCommandsContext, draft: SecretDraft, given: VaultTarget | undefined): Promise<Done | undefined> {
  let answers: NewSecret = {
    ...(given === undefined ? {} : { vault: given }),
    ...(draft.name === undefined ? {} : { name: draft.name }),
    ...(draft.value === undefined ? {} : { value: draft.value, origin: "given" }),
  };
  const steps = createSteps(context, given === undefined, draft.value !== undefined);
  const title = given === undefined ? "New secret" : `New secret in ${given.name}`;
  for (let step = steps[0]?.id; ; ) {
    const answered = await runSteps({ title, steps, prompts: context.prompts, onProgress: () => Promise.resolve() }, answers, step);
    const complete = answered === undefined ? undefined : completed(answered);
    if (answered === undefined || complete === undefined) return undefined;
    const then = await create(context, complete, answered.origin === "base64");
    if (then.kind === "done") return then;
    answers = answered;
    step = then.step;
  }
}

function createSteps(context: SecretCommandsContext, asksVault: boolean, isGiven: boolean): readonly Step<NewSecret>[] {
  const always = (): boolean => true;
  const now = (): number => context.clock.now();
  return [
    vaultStep(context, asksVault),
    secretNameStep(context.source),
    valueStep(context, () => !isGiven),
    contentTypeStep(always),
    tagsStep(always),
    dateStep("expires", always, now),
    dateStep("notBefore", always, now),
    enabledStep(always),
    createStep(),
  ];
}

function vaultStep(context: SecretCommandsContext, asksVault: boolean): Step<NewSecret> {
  return {
    id: "vault",
    applies: () => asksVault,
    ask: async ({ vault }, head, prompts) => {
      const choices = (await context.source.vaults()).filter((known) => isVaultName(known.vault.name)).map(knownVaultChoice);
      for (;;) {
        const active = choices.findIndex(({ value }) => value === vault);
        const answer = await prompts.list({ head, prompt: "In which vault?", choices, ...(active < 0 ? {} : { active }) });
        if (answer.kind !== "next") return answer;
        if (await askApproval(context, answer.value)) return { kind: "next", value: { vault: answer.value } };
      }
    },
  };
}

/** The last step: what will be written, without the value. */
function createStep(): Step<NewSecret> {
  return {
    id: "create",
    applies: () => true,
    ask: async (answers, head, prompts) => {
      const { vault, name = "" } = answers;
      const notes = [...(vault === undefined ? [] : vaultLines(vault)), `Name: ${name}`, `Value: ${valueWords(answers)}`, ...attributeLines(answers)].map((text) => pickText(text));
      const answer = await prompts.list({ head, prompt: `Create the secret ${name}?`, notes, choices: [{ label: "Create", detail: "Writes the secret to the vault.", value: "create" as const }] });
      return answer.kind === "next" ? { kind: "next", value: {} } : answer;
    },
  };
}

interface CompleteSecret {
  readonly vault: VaultTarget;
  readonly name: string;
  readonly version: NewVersion;
}

function completed(answers: NewSecret): CompleteSecret | undefined {
  const { vault, name, value } = answers;
  if (vault === undefined || name === undefined || value === undefined || secretNameProblem(name) !== undefined || valueProblem(value) !== undefined) return undefined;
  return { vault, name, version: newVersion(value, answers) };
}

async function create(context: SecretCommandsContext, secret: CompleteSecret, isBase64: boolean): Promise<Then> {
  const { vault, name, version } = secret;
  // The approval may have been withdrawn while the steps were open.
  if (!mayCall(context, vault)) return { kind: "done" };
  let changed: Changed<SetResult> | undefined;
  await inTurn(context, secret, async () => {
    changed = await changeSecret(context, "create", secret, (run, signal) => context.writes.set(vault, name, version, "none", run, signal));
  });
  return changed === undefined ? { kind: "again", step: "create" } : tellCreated(context, { vault, name }, changed, isBase64);
}

async function tellCreated(context: SecretCommandsContext, subject: SecretSubject, { outcome, run, told }: Changed<SetResult>, isBase64: boolean): Promise<Then> {
  const { dialogs } = context;
  const { vault, name } = subject;
  if (!outcome.ok) {
    dialogs.tell(failureWords(vault, `the secret ${name} was not created`, outcome, "write"));
    await told();
    return { kind: "again", step: "create" };
  }
  switch (outcome.value.kind) {
    case "written": {
      if (isBase64) offerDecodingLine(context, subject);
      else dialogs.tell(`The ${secretWords(vault, name)} is created.${contestedWords(outcome.value.contested)}`);
      await told();
      return { kind: "done", subject };
    }
    case "changed":
      dialogs.tell(`The ${secretWords(vault, name)} exists by now. Nothing was written. Choose another name, or leave and run New Version of Secret.`);
      await told();
      return { kind: "again", step: "name" };
    case "deleted": {
      // A modal, not a notification that may stay for hours: the value is kept for the next attempt meanwhile.
      const answer = dialogs.decide(`A deleted secret of the vault ${vault.name} keeps the name ${name}`, "Nothing was written. Recover it, purge it, or choose another name.", [otherNameButton, recoverButton, purgeButton]);
      await told();
      return afterDeleted(context, subject, await answer);
    }
    case "unknown": {
      const answer = dialogs.offer(unknownWords(vault, `the secret ${name} was created`, outcome.value.cause, "write"), [lookButton]);
      await told();
      return {
        kind: "done",
        afterwards: async () => {
          if ((await answer) === lookButton) await lookAtRuns(context, vault, [{ id: run, vault, name, step: "create" }]);
        },
      };
    }
  }
}

async function afterDeleted(context: SecretCommandsContext, subject: SecretSubject, answer: string | undefined): Promise<Then> {
  if (answer === otherNameButton) return { kind: "again", step: "name" };
  if (answer === recoverButton) await recoverDeleted(context, subject);
  if (answer === purgeButton) await purgeDeleted(context, subject);
  return answer === purgeButton ? { kind: "again", step: "create" } : { kind: "done" };
}

/** The notification may stay for long, so nothing waits for it. */
function offerDecodingLine({ dialogs }: SecretCommandsContext, { vault, name }: SecretSubject): void {
  const line = 'echo <+secrets.getValue("IDENTIFIER")> | base64 -d > file';
  const offered = async (): Promise<void> => {
    const answer = await dialogs.offer(`The ${secretWords(vault, name)} is created. A script makes the file again: ${line}, with the Harness secret's identifier.`, [copyLineButton]);
    if (answer === copyLineButton) await dialogs.copy(line);
  };
  offered().catch(() => undefined);
}

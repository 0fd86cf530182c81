import type { SetResult } from "../../../server/src/vault/vaultWriteApi.ts";
import { vaultLines } from "../azure/approvalCommands.ts";
import type { Step } from "../ui/multiStep.ts";
import { runSteps } from "../ui/multiStep.ts";
import { pickText } from "../ui/pickText.ts";
import { utcWords } from "../ui/timeWords.ts";
import type { AttributeAnswers } from "./attributeSteps.ts";
import { attributeLines, dateStep, newVersion } from "./attributeSteps.ts";
import type { Afterwards, Changed } from "./changeSecret.ts";
import { changeSecret, inTurn, mayCall } from "./changeSecret.ts";
import { chooseSecret } from "./chooseSecret.ts";
import { lookAtRuns } from "./lookAtRuns.ts";
import type { ReadSecret } from "./readSecret.ts";
import { readSecret } from "./readSecret.ts";
import { recoverDeleted } from "./recoverSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { contestedWords, failureWords, secretWords, unknownWords } from "./secretWords.ts";
import { withoutRun } from "./tagText.ts";
import type { ValueAnswers } from "./valueStep.ts";
import { valueProblem, valueStep, valueWords } from "./valueStep.ts";

type Answers = ValueAnswers & AttributeAnswers;
type Then = "again" | Afterwards | undefined;

const recoverButton = "Recover…";
const lookButton = "Look in Vault";

/** Writes a new version of a secret: value and dates are asked, the rest is carried over from the latest version. */
export async function newSecretVersion(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseSecret(context, argument, "New version of which secret?");
  if (subject === undefined) return;
  const afterwards = await askAndWrite(context, subject);
  await afterwards?.();
}

async function askAndWrite(context: SecretCommandsContext, subject: SecretSubject): Promise<Afterwards | undefined> {
  let before = await readSecret(context, subject);
  let answers: Answers = {};
  let from: string | undefined;
  while (before !== undefined) {
    const steps = versionSteps(context, subject, before);
    const answered = await runSteps({ title: `New version of ${subject.name} in ${subject.vault.name}`, steps, prompts: context.prompts, onProgress: () => Promise.resolve() }, answers, from);
    if (answered === undefined) return undefined;
    const then = await write(context, subject, before, answered);
    if (then !== "again") return then;
    answers = answered;
    from = "write";
    before = await readSecret(context, subject);
  }
  return undefined;
}

function versionSteps(context: SecretCommandsContext, { vault, name }: SecretSubject, before: ReadSecret): readonly Step<Answers>[] {
  const always = (): boolean => true;
  const now = (): number => context.clock.now();
  const { latest } = before;
  return [
    valueStep(context, always),
    dateStep("expires", always, now),
    dateStep("notBefore", always, now),
    {
      id: "write",
      applies: always,
      ask: async (answers, head, prompts) => {
        const notes = [
          ...vaultLines(vault),
          `Secret: ${name}`,
          `Latest version now: ${latest.version}${latest.created === undefined ? "" : `, of ${utcWords(latest.created)}`}`,
          `New value: ${valueWords(answers)}`,
          ...attributeLines({ ...carriedOver(before), ...answers }),
          ...(latest.expires === undefined || answers.expires !== undefined ? [] : [`The latest version expires on ${utcWords(latest.expires)}. The new one gets no date.`]),
          ...(latest.enabled ? [] : ["The latest version is disabled, and so will the new one be."]),
        ];
        const answer = await prompts.list({ head, prompt: `Write a new version of ${name}?`, notes: notes.map((text) => pickText(text)), choices: [{ label: "Write New Version", detail: "References without a version read it from then on.", value: "write" as const }] });
        return answer.kind === "next" ? { kind: "next", value: {} } : answer;
      },
    },
  ];
}

function carriedOver({ latest }: ReadSecret): Required<Pick<AttributeAnswers, "contentType" | "tags" | "enabled">> {
  return { contentType: latest.contentType ?? "", tags: withoutRun(latest.tags), enabled: latest.enabled };
}

/** How an attempt to write ended: `again` asks once more, with the secret as it is then. What comes afterwards may take hours, so it holds no value. */
async function write(context: SecretCommandsContext, subject: SecretSubject, before: ReadSecret, { value, expires, notBefore }: Answers): Promise<Then> {
  const { vault, name } = subject;
  if (value === undefined || valueProblem(value) !== undefined || !mayCall(context, vault)) return undefined;
  const version = newVersion(value, { ...carriedOver(before), expires, notBefore });
  let changed: Changed<SetResult> | undefined;
  await inTurn(context, subject, async () => {
    changed = await changeSecret(context, "new version", subject, (run, signal) => context.writes.set(vault, name, version, before.latest.version, run, signal));
  });
  return changed === undefined ? "again" : tellWritten(context, subject, changed);
}

async function tellWritten(context: SecretCommandsContext, subject: SecretSubject, { outcome, run, told }: Changed<SetResult>): Promise<Then> {
  const { dialogs } = context;
  const { vault, name } = subject;
  if (!outcome.ok) {
    dialogs.tell(failureWords(vault, `no new version of the secret ${name} was written`, outcome, "write"));
    await told();
    return "again";
  }
  switch (outcome.value.kind) {
    case "written":
      dialogs.tell(`A new version of the ${secretWords(vault, name)} is written.${contestedWords(outcome.value.contested)}`);
      await told();
      return undefined;
    case "changed":
      dialogs.tell(`Somebody else has written a version of the ${secretWords(vault, name)} meanwhile. Nothing was written. Look at it, then write yours again or leave.`);
      await told();
      return "again";
    case "deleted": {
      const answer = dialogs.offer(`The ${secretWords(vault, name)} was deleted meanwhile. Nothing was written. Recover it first.`, [recoverButton]);
      await told();
      return async () => {
        if ((await answer) === recoverButton) await recoverDeleted(context, subject);
      };
    }
    case "unknown": {
      const answer = dialogs.offer(unknownWords(vault, `the new version of ${name} was written`, outcome.value.cause, "write"), [lookButton]);
      await told();
      return async () => {
        if ((await answer) === lookButton) await lookAtRuns(context, vault, [{ id: run, vault, name, step: "new version" }]);
      };
    }
  }
}

import { vaultLines } from "../azure/approvalCommands.ts";
import { chooseSecret } from "./chooseSecret.ts";
import { mayCall } from "./changeSecret.ts";
import { shownMs } from "./copiedValue.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { failureWords, isCancelled, secretWords, shortVersion } from "./secretWords.ts";
import { lineCount } from "./valueStep.ts";

/** More than that a box of one line is of no use for. */
const maxRevealed = 2000;
/** Stands for the end of a line in the box. */
const lineEnd = "⏎";

/** Puts a value on the clipboard, for 30 seconds. */
export async function copySecretValue(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseSecret(context, argument, "Copy the value of which secret?");
  if (subject !== undefined) await copyValue(context, subject);
}

async function copyValue(context: SecretCommandsContext, subject: SecretSubject): Promise<void> {
  if (await agreed(context, subject, "Copy")) await readValue(context, subject, "copy", (value) => copy(context, subject, value));
}

/** Shows a value in a box that hides itself after 30 seconds. */
export async function revealSecretValue(context: SecretCommandsContext, argument: unknown): Promise<void> {
  const subject = await chooseSecret(context, argument, "Reveal the value of which secret?");
  if (subject === undefined || !(await agreed(context, subject, "Reveal"))) return;
  let shown: Promise<"copy" | "hidden"> | undefined;
  await readValue(context, subject, "reveal", (value) => {
    shown = show(context, subject, value);
    return Promise.resolve();
  });
  // It is read anew: of a value that the box cannot show whole, nothing else is kept.
  if ((await shown) === "copy") await copyValue(context, subject);
}

async function agreed(context: SecretCommandsContext, subject: SecretSubject, button: "Copy" | "Reveal"): Promise<boolean> {
  const { dialogs, confirmReveal } = context;
  const { vault } = subject;
  if (!confirmReveal()) return mayCall(context, vault);
  const detail = [...vaultLines(vault), "", ...(button === "Copy" ? copyLines(context) : ["It is shown in a box that hides itself after 30 seconds."]), "The vault's log will show the reading."];
  return (await dialogs.confirm(`${button} the value of ${whichWords(subject)}?`, detail.join("\n"), button)) && mayCall(context, vault);
}

function copyLines({ clipboard }: SecretCommandsContext): readonly string[] {
  const cleared = "The clipboard is cleared after 30 seconds, if nothing else was copied meanwhile. Programs that keep a history of the clipboard keep it longer.";
  switch (clipboard.place()) {
    case "local":
      return [cleared];
    case "remote":
      return ["VS Code is connected to a remote machine: the value goes to the clipboard of your own machine.", cleared];
    case "browser":
      return ["VS Code runs in a browser: the value goes to the browser's clipboard. The browser may keep Keyline from clearing it; clear it yourself then.", cleared];
  }
}

async function readValue(context: SecretCommandsContext, subject: SecretSubject, what: "copy" | "reveal", use: (value: string) => Promise<void>): Promise<void> {
  const { dialogs, writes, log } = context;
  const { vault, name, version } = subject;
  const outcome = await dialogs.progress(`Reading the value of the secret ${name} in the vault ${vault.name}`, (_report, signal) => writes.useValue(vault, name, version, use, signal));
  log.info(`Secret, ${what} value: vault ${vault.name}, secret ${name}, ${outcome.ok ? "read" : "not read"}.`);
  if (!outcome.ok && !isCancelled(outcome)) dialogs.tell(failureWords(vault, `the value of the secret ${name} cannot be read`, outcome, "value"));
}

async function copy({ copied, dialogs }: SecretCommandsContext, subject: SecretSubject, value: string): Promise<void> {
  try {
    await copied.copy(value);
    dialogs.tell(`The value of the ${secretWords(subject.vault, subject.name)} is on the clipboard for 30 seconds.`);
  } catch {
    dialogs.tell("The value could not be put on the clipboard: VS Code, the browser or the system refused it.");
  }
}

async function show({ revealBox, clock }: SecretCommandsContext, subject: SecretSubject, value: string): Promise<"copy" | "hidden"> {
  const lines = lineCount(value);
  const oneLine = value.replace(/\r\n|\r|\n/g, lineEnd);
  const notes = [
    ...(lines > 1 ? [`${String(lines)} lines, ${lineEnd} stands for the end of one: copy it to have it whole.`] : []),
    ...(oneLine.length > maxRevealed ? [`The first ${maxRevealed.toLocaleString("en-US")} of ${oneLine.length.toLocaleString("en-US")} characters.`] : []),
    "Hides itself after 30 seconds.",
  ];
  const box = revealBox.show({ title: `Value of ${whichWords(subject)}`, prompt: notes.join(" "), text: oneLine.slice(0, maxRevealed) });
  const cancel = clock.after(shownMs, () => {
    box.hide();
  });
  const end = await box.closed;
  cancel();
  return end;
}

function whichWords({ vault, name, version }: SecretSubject): string {
  return `${version === undefined ? "" : `version ${shortVersion(version)} of `}the secret ${name} in the vault ${vault.name}`;
}

import { vaultLines } from "../azure/approvalCommands.ts";
import { breakageLines, usesOfVersion } from "./breakage.ts";
import type { Afterwards } from "./changeSecret.ts";
import { inTurn, mayCall } from "./changeSecret.ts";
import { chooseSecret } from "./chooseSecret.ts";
import { readVersion } from "./readSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretSubject } from "./secretSource.ts";
import { secretWords, shortVersion } from "./secretWords.ts";
import { updateVersion } from "./updateVersion.ts";

export function enableSecret(context: SecretCommandsContext, argument: unknown): Promise<void> {
  return switchSecret(context, argument, true);
}

/** Says what would break before it disables. */
export function disableSecret(context: SecretCommandsContext, argument: unknown): Promise<void> {
  return switchSecret(context, argument, false);
}

async function switchSecret(context: SecretCommandsContext, argument: unknown, enabled: boolean): Promise<void> {
  const subject = await chooseSecret(context, argument, `${enabled ? "Enable" : "Disable"} which secret?`);
  if (subject !== undefined) await inTurn(context, subject, () => switchVersion(context, subject, enabled));
}

/** The tree's version, else the latest. */
async function switchVersion(context: SecretCommandsContext, subject: SecretSubject, enabled: boolean): Promise<Afterwards | void> {
  const { dialogs, source } = context;
  const { vault, name } = subject;
  const read = await readVersion(context, subject);
  if (read === undefined) return undefined;
  const { version, isLatest } = read;
  const which = `version ${shortVersion(version.version)}${isLatest ? ", the latest," : ""} of the secret ${name}`;
  if (version.enabled === enabled) {
    dialogs.tell(`Version ${shortVersion(version.version)} of the ${secretWords(vault, name)} is ${enabled ? "enabled" : "disabled"} already.`);
    return undefined;
  }
  const detail = enabled ? ["Its value can be read again."] : ["Key Vault then refuses to give its value. It can be enabled again.", "", ...breakageLines(usesOfVersion(await source.uses(vault, name), version.version, isLatest))];
  const button = enabled ? "Enable" : "Disable";
  const answer = await dialogs.decide(`${button} ${which} in the vault ${vault.name}?`, [...vaultLines(vault), "", ...detail].join("\n"), ["Leave as It Is", button]);
  return answer === button && mayCall(context, vault) ? updateVersion(context, enabled ? "enable" : "disable", subject, version.version, { enabled }) : undefined;
}

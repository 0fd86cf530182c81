import type { AttributeChange } from "../../../server/src/vault/vaultWriteApi.ts";
import type { Afterwards } from "./changeSecret.ts";
import { changeSecret } from "./changeSecret.ts";
import { lookAtRuns } from "./lookAtRuns.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import type { SecretOperation } from "./secretJournal.ts";
import type { SecretSubject } from "./secretSource.ts";
import { failureWords, secretWords, shortVersion, unknownWords } from "./secretWords.ts";

const lookButton = "Look in Vault";
const done = { edit: "is changed", enable: "is enabled", disable: "is disabled" } as const;

/** Changes attributes of one version, as the person has agreed to, and tells how it ended. */
export async function updateVersion(context: SecretCommandsContext, operation: keyof typeof done & SecretOperation, subject: SecretSubject, version: string, change: AttributeChange): Promise<Afterwards | void> {
  const { dialogs, writes } = context;
  const { vault, name } = subject;
  const { outcome, run, told } = await changeSecret(context, operation, subject, (_run, signal) => writes.update(vault, name, version, change, signal));
  if (!outcome.ok) {
    dialogs.tell(failureWords(vault, `the secret ${name} was not changed`, outcome, "write"));
    await told();
    return undefined;
  }
  switch (outcome.value.kind) {
    case "updated":
      dialogs.tell(`Version ${shortVersion(version)} of the ${secretWords(vault, name)} ${done[operation]}.`);
      await told();
      return undefined;
    case "absent":
      dialogs.tell(`Version ${shortVersion(version)} of the ${secretWords(vault, name)} does not exist any more. Nothing was changed.`);
      await told();
      return undefined;
    case "unknown": {
      const answer = dialogs.offer(unknownWords(vault, `the secret ${name} ${done[operation]}`, outcome.value.cause, "write"), [lookButton]);
      await told();
      return async () => {
        if ((await answer) === lookButton) await lookAtRuns(context, vault, [{ id: run, vault, name, step: operation }]);
      };
    }
  }
}

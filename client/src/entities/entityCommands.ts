import type { Register } from "../register.ts";
import type { SecretSubject } from "../secrets/secretSource.ts";
import type { EntityContext } from "./entityContext.ts";
import { newCredential } from "./newCredential.ts";
import type { ReferenceDraft } from "./referenceDraft.ts";
import { referenceSecret } from "./referenceSecret.ts";
import { isNameable } from "./secretPath.ts";

/** Of an argument they take nothing but which item of our own tree it is. */
export function registerEntityCommands(register: Register, context: EntityContext): void {
  register("keyline.referenceSecret", async (argument) => {
    await referenceSecret(context, draftOfItem(context, argument));
  });
  register("keyline.newSshCredential", () => newCredential(context, "SSHKey"));
  register("keyline.newWinRmCredential", () => newCredential(context, "WinRmCredentials"));
}

function draftOfItem({ source }: EntityContext, argument: unknown): ReferenceDraft {
  const subject = source.subjectOf(argument);
  if (subject !== undefined) return draftOfSubject(subject);
  const vault = source.vaultOf(argument);
  return vault === undefined ? {} : { vault };
}

/** A draft for that secret, version or key. Of a secret alone, version and key are still asked for; so is what no path can name. */
export function draftOfSubject(subject: SecretSubject): ReferenceDraft {
  const { vault, name, version, jsonKeys } = subject;
  if (!isNameable(subject)) return { vault };
  return { vault, secret: name, ...(version === undefined ? {} : { version }), ...(jsonKeys === undefined ? {} : { version: version ?? "", jsonKeys }) };
}

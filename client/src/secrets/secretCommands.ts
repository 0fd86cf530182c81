import type { Register } from "../register.ts";
import { createSecretCommand } from "./createSecret.ts";
import { deleteSecret } from "./deleteSecret.ts";
import { editSecretAttributes } from "./editSecretAttributes.ts";
import { disableSecret, enableSecret } from "./enableSecret.ts";
import { newSecretVersion } from "./newSecretVersion.ts";
import { purgeSecret } from "./purgeSecret.ts";
import { recoverSecret } from "./recoverSecret.ts";
import type { SecretCommandsContext } from "./secretCommandsContext.ts";
import { copySecretValue, revealSecretValue } from "./showSecretValue.ts";

export function registerSecretCommands(register: Register, context: SecretCommandsContext): void {
  register("keyline.createSecret", (argument) => createSecretCommand(context, argument));
  register("keyline.newSecretVersion", (argument) => newSecretVersion(context, argument));
  register("keyline.editSecretAttributes", (argument) => editSecretAttributes(context, argument));
  register("keyline.enableSecret", (argument) => enableSecret(context, argument));
  register("keyline.disableSecret", (argument) => disableSecret(context, argument));
  register("keyline.copySecretValue", (argument) => copySecretValue(context, argument));
  register("keyline.revealSecretValue", (argument) => revealSecretValue(context, argument));
  register("keyline.deleteSecret", (argument) => deleteSecret(context, argument));
  register("keyline.recoverSecret", (argument) => recoverSecret(context, argument));
  register("keyline.purgeSecret", (argument) => purgeSecret(context, argument));
}

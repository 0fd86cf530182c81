import type { Register } from "../register.ts";
import { removeTestSecrets } from "./removeTestSecrets.ts";
import type { TestCommandsContext } from "./testCommandsContext.ts";
import { testConnection } from "./testConnection.ts";

export function registerTestCommands(register: Register, context: TestCommandsContext): void {
  register("keyline.testConnection", (argument) => testConnection(context, argument));
  register("keyline.removeTestSecrets", (argument) => removeTestSecrets(context, argument));
}

import type { LogOutputChannel } from "vscode";
import { commands, Disposable } from "vscode";
import type { DocumentStateParams } from "../../server/src/protocol/messages.ts";
import type { ApprovalCommands } from "./azure/approvalCommands.ts";
import { restrictedMessage } from "./azure/approvalCommands.ts";
import type { SignInCommands } from "./azure/signInCommands.ts";
import { showState } from "./language/showState.ts";
import type { Register } from "./register.ts";
import type { Dialogs } from "./ui/dialogs.ts";

export interface CommandsContext {
  readonly approval: ApprovalCommands;
  readonly signIn: SignInCommands;
  readonly dialogs: Dialogs;
  readonly log: LogOutputChannel;
  readonly isTrusted: () => boolean;
  readonly refresh: () => void;
  readonly restart: () => Promise<void>;
  readonly activeState: () => DocumentStateParams | undefined;
  /** Runs one of VS Code's commands or of ours. */
  readonly run: (command: string) => PromiseLike<unknown>;
  /** The commands of the other rooms: connectors, credentials, tests. */
  readonly more: readonly ((register: Register) => void)[];
}

/**
 * Registers every command of the manifest.
 *
 * Invariant: a command returns undefined, whoever runs it, and takes nothing from its argument but which item of our
 * own trees it is about.
 */
export function registerCommands(context: CommandsContext): Disposable {
  const { dialogs, log } = context;
  const registered: Disposable[] = [];
  const register: Register = (id, action) => {
    const run = async (argument: unknown): Promise<void> => {
      try {
        await action(argument);
      } catch {
        // The error may quote what a service answered, so it is not shown.
        log.error(`The command ${id} failed.`);
        dialogs.tell("The command failed. Run it again, or see Keyline: Show Log.");
      }
    };
    registered.push(commands.registerCommand(id, run));
  };
  registerOwn(register, context);
  for (const registerMore of context.more) registerMore(register);
  return Disposable.from(...registered);
}

function registerOwn(register: Register, { approval, signIn, dialogs, log, isTrusted, refresh, restart, activeState, run }: CommandsContext): void {
  register("keyline.approveVault", approval.approveVault);
  register("keyline.withdrawVault", approval.withdrawVault);
  register("keyline.allowJsonKeys", approval.allowJsonKeys);
  register("keyline.signIn", signIn.signIn);
  register("keyline.chooseCredential", signIn.chooseCredential);
  register("keyline.refresh", () => {
    if (isTrusted()) refresh();
    else dialogs.tell(restrictedMessage);
  });
  register("keyline.showState", async () => {
    const command = await showState(dialogs, activeState(), isTrusted());
    if (command !== undefined) await run(command);
  });
  register("keyline.restart", restart);
  register("keyline.showLog", () => {
    log.show();
  });
}

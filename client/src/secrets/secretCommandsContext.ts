import type { VaultTarget } from "../../../server/src/core/model/vaultTarget.ts";
import type { Clock } from "../../../server/src/host/clock.ts";
import type { Files } from "../../../server/src/host/files.ts";
import type { Log } from "../../../server/src/host/log.ts";
import type { VaultWriteApi } from "../../../server/src/vault/vaultWriteApi.ts";
import type { VaultApprovals } from "../azure/vaultApprovals.ts";
import type { VaultCredentials } from "../azure/vaultCredentials.ts";
import type { Turns } from "../runs/turns.ts";
import type { Clipboard } from "../ui/clipboard.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import type { RevealBox } from "../ui/revealBox.ts";
import type { StepPrompts } from "../ui/stepPrompts.ts";
import type { CopiedValue } from "./copiedValue.ts";
import type { SecretJournal } from "./secretJournal.ts";
import type { SecretSource, SecretSubject } from "./secretSource.ts";

/** What the commands on a vault's secrets work with. */
export interface SecretCommandsContext {
  readonly source: SecretSource;
  readonly writes: VaultWriteApi;
  readonly dialogs: Dialogs;
  readonly prompts: StepPrompts;
  readonly approvals: VaultApprovals;
  readonly credentials: Pick<VaultCredentials, "of">;
  readonly isTrusted: () => boolean;
  readonly clock: Clock;
  /** Writes are listed here by operation, vault and name. */
  readonly log: Log;
  readonly journal: SecretJournal;
  /** One change at a time for each secret of this window. */
  readonly turns: Turns;
  readonly clipboard: Clipboard;
  readonly copied: CopiedValue;
  readonly revealBox: RevealBox;
  /** Files of the machine that extensions run on. */
  readonly files: Pick<Files, "read">;
  /** The setting `keyline.confirmReveal`. */
  readonly confirmReveal: () => boolean;
  readonly randomHex: (bytes: number) => string;
  /** Offers a reference to a secret that is there now: as YAML, copied or inserted. */
  readonly offerReference: (subject: SecretSubject) => Promise<void>;
}

/** What creating a secret begins with. All of it can still be changed. */
export interface SecretDraft {
  readonly vault?: VaultTarget;
  readonly name?: string;
  /** Given where a text of the editor becomes the value. It is never shown, and stays as it is. */
  readonly value?: string;
}

/** Creates a secret step by step. Undefined where the person left or nothing was written. Offers no reference: whoever asks for the secret has a place for it. */
export type CreateSecret = (draft: SecretDraft) => Promise<SecretSubject | undefined>;

import type { AzureDirectory } from "../../../server/src/core/model/azureDirectory.ts";
import type { EntityContext } from "../entities/entityContext.ts";
import type { CreateSecret } from "../secrets/secretCommandsContext.ts";
import type { SecretSource, SecretSubject } from "../secrets/secretSource.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import type { CopiedSecrets } from "./copiedSecrets.ts";
import type { EditorServer } from "./editorServer.ts";
import type { YamlEditor } from "./yamlEditor.ts";

/** What the way from an editor to a vault, and back, works with. */
export interface EditorContext {
  readonly editor: YamlEditor;
  readonly server: EditorServer;
  readonly source: Pick<SecretSource, "subjectOf" | "vaults" | "uses">;
  readonly dialogs: Dialogs;
  readonly isTrusted: () => boolean;
  readonly entities: EntityContext;
  /** Creates the secret and nothing more: which reference leads to it is asked here. */
  readonly createSecret: CreateSecret;
  /** Shows the secret in the explorer. False where it is not there. */
  readonly reveal: (subject: SecretSubject) => Promise<boolean>;
  /** What Resource Manager has told of vaults. */
  readonly directory: () => AzureDirectory;
  readonly copied: CopiedSecrets;
}

import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { Dialogs } from "../ui/dialogs.ts";
import type { HarnessAccount } from "./harnessAccount.ts";
import { defaultOrigin, httpsOrigin, isAccountId, readHarnessAccount } from "./harnessAccount.ts";
import { harnessConnectorUrl } from "./harnessConnectorUrl.ts";
import type { Told } from "./toldScope.ts";

/** The part of VS Code's `Memento` (globalState) that this needs. */
export interface AccountStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface OpenInHarnessContext {
  readonly dialogs: Dialogs;
  /** What the person has set for Harness's own extension. Never what a workspace sets: it decides which host is opened. */
  readonly harnessSettings: () => { readonly accountIdentifier?: unknown; readonly baseUrl?: unknown };
  readonly store: AccountStore;
}

const storeKey = "keyline.harnessAccount";
const otherAccount = "Another Account…";

export async function openInHarness(context: OpenInHarnessContext, row: Told<ConnectorRow>): Promise<void> {
  const { dialogs } = context;
  const set = accountOfSettings(context);
  const remembered = set === undefined ? rememberedAccount(context) : undefined;
  const account = set ?? remembered ?? (await askAccount(context));
  if (account === undefined) return;
  await open(dialogs, account, row);
  if (remembered === undefined) return;
  const answer = await dialogs.offer(`Opened in the Harness account ${remembered.account}.`, [otherAccount]);
  const other = answer === otherAccount ? await askAccount(context) : undefined;
  if (other !== undefined) await open(dialogs, other, row);
}

async function open(dialogs: Dialogs, account: HarnessAccount, row: Told<ConnectorRow>): Promise<void> {
  await dialogs.open(harnessConnectorUrl(account, row));
}

function trustedOrigin({ harnessSettings }: OpenInHarnessContext): string | undefined {
  const { baseUrl } = harnessSettings();
  return typeof baseUrl === "string" ? httpsOrigin(baseUrl) : undefined;
}

function accountOfSettings(context: OpenInHarnessContext): HarnessAccount | undefined {
  const { accountIdentifier } = context.harnessSettings();
  const account = typeof accountIdentifier === "string" ? accountIdentifier.trim() : "";
  return isAccountId(account) ? { account, origin: trustedOrigin(context) ?? defaultOrigin } : undefined;
}

/** What the store holds is read as if it were typed, so that nothing but an address of Harness comes out. */
function rememberedAccount(context: OpenInHarnessContext): HarnessAccount | undefined {
  const stored = context.store.get(storeKey);
  return typeof stored === "string" ? readHarnessAccount(stored, trustedOrigin(context)) : undefined;
}

async function askAccount(context: OpenInHarnessContext): Promise<HarnessAccount | undefined> {
  const trusted = trustedOrigin(context);
  const typed = await context.dialogs.input({
    title: "Open in Harness",
    prompt: "Your Harness account ID, or the address of any page of Harness, which holds it behind /account/. It is no secret; Keyline remembers it on this machine.",
    placeholder: `${trusted ?? defaultOrigin}/ng/account/…`,
    problem: (text) =>
      readHarnessAccount(text, trusted) === undefined ? "Enter an account ID (letters, digits, _ and -), or an https address of harness.io or of the setting harness.baseUrl that holds /account/." : undefined,
  });
  const account = typed === undefined ? undefined : readHarnessAccount(typed, trusted);
  if (account !== undefined) await context.store.update(storeKey, `${account.origin}/ng/account/${account.account}`);
  return account;
}

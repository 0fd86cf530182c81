import { workspace } from "vscode";

/**
 * What the person has set for Harness's own extension, in their own settings alone: a workspace must not decide which
 * host is opened.
 */
export function harnessSettings(): { readonly accountIdentifier?: unknown; readonly baseUrl?: unknown } {
  const settings = workspace.getConfiguration("harness");
  return { accountIdentifier: settings.inspect("accountIdentifier")?.globalValue, baseUrl: settings.inspect("baseUrl")?.globalValue };
}

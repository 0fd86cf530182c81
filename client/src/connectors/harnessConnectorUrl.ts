import type { Scope } from "../../../server/src/core/model/scope.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { HarnessAccount } from "./harnessAccount.ts";
import type { Told } from "./toldScope.ts";

/** The connector's page in Harness's web interface. */
export function harnessConnectorUrl({ account, origin }: HarnessAccount, { scope, identifier }: Told<Pick<ConnectorRow, "scope" | "identifier">>): string {
  return `${origin}/ng/account/${encodeURIComponent(account)}/all${scopePath(scope)}/settings/connectors/${encodeURIComponent(identifier)}`;
}

function scopePath(scope: Scope): string {
  switch (scope.level) {
    case "account":
      return "";
    case "org":
      return `/orgs/${encodeURIComponent(scope.org)}`;
    case "project":
      return `/orgs/${encodeURIComponent(scope.org)}/projects/${encodeURIComponent(scope.project)}`;
  }
}

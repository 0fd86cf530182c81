import type { FileScope } from "../../../server/src/core/model/scope.ts";
import type { ConnectorRow } from "../../../server/src/protocol/messages.ts";
import type { HarnessAccount } from "./harnessAccount.ts";

/** The connector's page in Harness's web interface; undefined where its scope is not known. */
export function harnessConnectorUrl({ account, origin }: HarnessAccount, { scope, identifier }: Pick<ConnectorRow, "scope" | "identifier">): string | undefined {
  const place = scopePath(scope);
  return place === undefined ? undefined : `${origin}/ng/account/${encodeURIComponent(account)}/all${place}/settings/connectors/${encodeURIComponent(identifier)}`;
}

function scopePath(scope: FileScope): string | undefined {
  switch (scope.level) {
    case "account":
      return "";
    case "org":
      return `/orgs/${encodeURIComponent(scope.org)}`;
    case "project":
      return `/orgs/${encodeURIComponent(scope.org)}/projects/${encodeURIComponent(scope.project)}`;
    case "unknown":
      return undefined;
  }
}

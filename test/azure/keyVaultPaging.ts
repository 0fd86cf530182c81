import { badParameter } from "./keyVaultErrors.ts";
import { jsonAnswer } from "./localAnswer.ts";
import type { LocalAnswer, LocalRequest } from "./localAnswer.ts";
import type { StoredVault } from "./vaultState.ts";

interface Position {
  readonly offset: number;
  readonly page: number;
}

const largestPage = 25;

/**
 * One page of `items`, each as `shape` gives it out. Pages hold 1 to 25 items as `maxresults` says, fewer or none where the vault's `pageSizes` say
 * so, and the address of the next page names port 443, all as recorded from the real service.
 */
export function pageOf<T>(vault: StoredVault, request: LocalRequest, items: readonly T[], shape: (item: T) => object): LocalAnswer {
  const asked = request.query.get("maxresults");
  const maxResults = asked === null ? largestPage : Number(asked);
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > largestPage) {
    return badParameter("The value of maxresults must be between 1 and 25.");
  }
  const position = readPosition(request.query.get("$skiptoken"));
  if (position === undefined) {
    return badParameter("The skiptoken is not valid.");
  }
  const size = Math.min(vault.options.pageSizes?.[position.page] ?? maxResults, maxResults);
  const next = { offset: position.offset + size, page: position.page + 1 };
  const value = items.slice(position.offset, next.offset).map(shape);
  return jsonAnswer(200, { value, nextLink: next.offset < items.length ? nextLink(vault, request, next) : null });
}

function nextLink(vault: StoredVault, request: LocalRequest, next: Position): string {
  const query = new URLSearchParams();
  query.set("api-version", request.query.get("api-version") ?? "");
  query.set("$skiptoken", Buffer.from(`${String(next.offset)}.${String(next.page)}`).toString("base64url"));
  const asked = request.query.get("maxresults");
  if (asked !== null) {
    query.set("maxresults", asked);
  }
  return `https://${vault.host}:443${request.path}?${query.toString().replace("%24skiptoken", "$skiptoken")}`;
}

function readPosition(skipToken: string | null): Position | undefined {
  if (skipToken === null) {
    return { offset: 0, page: 0 };
  }
  const [offset, page] = Buffer.from(skipToken, "base64url").toString("utf8").split(".").map(Number);
  return Number.isInteger(offset) && Number.isInteger(page) ? { offset: offset ?? 0, page: page ?? 0 } : undefined;
}

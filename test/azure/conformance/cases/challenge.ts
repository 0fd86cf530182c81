import type { ConformanceCase } from "../conformanceCase.ts";
import { recorded, reported } from "../conformanceCase.ts";
import type { Caller } from "../requestRow.ts";
import type { Capability } from "../subject.ts";

const challenge = { "www-authenticate": 'Bearer authorization="https://login.windows.net/{tenant}", resource="https://vault.azure.net"' };

/** How a vault asks for a token, and which it does not take. */
export const challengeCases: readonly ConformanceCase[] = [
  {
    name: "challenge: without a token the vault says where to get one",
    source: recorded("cannot create a secret with an empty name"),
    request: { line: "GET /secrets", as: "nobody" },
    expect: { status: 401, code: "Unauthorized", inner: null, message: "AKV10000: Request is missing a Bearer or PoP token.", headers: { ...challenge, "content-type": /^application\/json/ } },
  },
  {
    name: "challenge: it comes before the request is looked at",
    source: recorded("cannot create a secret with an empty name"),
    request: { line: "PUT /secrets/", as: "nobody", body: { value: "hidden words" } },
    expect: { status: 401, code: "Unauthorized", headers: challenge, without: "hidden words" },
  },
  {
    name: "challenge: it comes before the api version is looked at",
    source: recorded("can add a secret"),
    request: { line: "GET /secrets", as: "nobody", apiVersion: null },
    expect: { status: 401, code: "Unauthorized", headers: challenge },
  },
  {
    name: "challenge: the answer names region, service version, request and caller",
    source: recorded("can list secrets by page"),
    request: { line: "GET /secrets", as: "nobody" },
    expect: { status: 401, headers: { "x-ms-keyvault-region": /./, "x-ms-keyvault-service-version": /^\d+(\.\d+)+$/, "x-ms-request-id": /^[0-9a-f-]{36}$/, "x-ms-keyvault-network-info": /addr=/, "cache-control": "no-cache", "x-content-type-options": "nosniff" } },
  },
  refused("something that is no token", "garbage", ["entra"], /./),
  refused("a token that somebody else signed", "forged", ["entra"], /./),
  refused("a token that has run out", "expired", ["entra", "clock"], /^\[TokenExpired\] Error validating token: 'S2S\d+'\.$/),
  refused("a token for another audience", "otherAudience", ["entra"], /^AKV10022: Invalid audience\./),
  refused("a token of another tenant", "otherTenant", ["entra", "tenants"], /^AKV10032: Invalid issuer\. Expected one of .+, found /),
];

function refused(what: string, as: Caller, needs: readonly Capability[], message: RegExp): ConformanceCase {
  return {
    name: `challenge: ${what} is refused with the challenge`,
    source: reported("AKV10022, AKV10032, [TokenExpired]"),
    needs,
    request: { line: "GET /secrets", as },
    expect: { status: 401, code: "Unauthorized", message, headers: challenge },
  };
}

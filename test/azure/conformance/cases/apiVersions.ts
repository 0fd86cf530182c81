import { setSecret } from "../arrange.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import { recorded, reported, spec } from "../conformanceCase.ts";

const known = ["7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"];

/** The api versions that clients of today send, and requests that no version has. */
export const apiVersionCases: readonly ConformanceCase[] = [
  ...known.map((version): ConformanceCase => ({ name: `version: ${version} lists`, source: spec, arrange: (scene) => setSecret(scene), request: { line: "GET /secrets", apiVersion: version }, expect: { status: 200, body: { value: [{ id: "{vaultUrl}/secrets/key" }] } } })),
  ...known.map((version): ConformanceCase => ({ name: `version: ${version} sets`, source: spec, request: { line: "PUT /secrets/key", body: { value: "demo value" }, apiVersion: version }, expect: { status: 200, body: { value: "demo value" } } })),
  { name: "version: the SDK's way of writing it", source: recorded("can list secrets by page"), request: { line: "GET /secrets?api%2Dversion=2026-04-01", apiVersion: null }, expect: { status: 200 } },
  { name: "version: none at all is refused", source: spec, request: { line: "GET /secrets", apiVersion: null }, expect: { status: 400, code: "BadParameter" } },
  {
    name: "version: one that does not exist is refused",
    source: reported("The specified version is not recognized"),
    request: { line: "GET /secrets", apiVersion: "9.9" },
    expect: { status: 400, code: "BadParameter", message: /^The specified version \(9\.9\) is not recognized\. Consider using the latest supported version \([^)]+\)\.$/ },
  },
  { name: "request: a method that a secret does not have", source: recorded("cannot create a secret with an empty name"), request: { line: "POST /secrets/key" }, expect: { status: 405, code: "MethodNotAllowed" } },
];

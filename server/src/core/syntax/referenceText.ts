/**
 * Reads what stands between the quotes of `secrets.getValue("...")`, or as a plain reference:
 * `[account.|org.] (identifier | scheme://connector/path)`.
 * Sources: Harness, "Add and reference text secrets" and "Reference existing secret manager secrets".
 */
import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import { isConnectorIdentifier, isReservedWord, isSecretIdentifier } from "../model/identifiers.ts";
import type { Part, SecretUri } from "../model/reference.ts";
import { isScheme, schemes } from "../model/reference.ts";
import type { ScopeLevel } from "../model/scope.ts";
import { shownText } from "../model/shownText.ts";
import type { Span } from "../model/span.ts";
import { nearest } from "../model/nearest.ts";
import { readVaultPath } from "./vaultPath.ts";

export interface ReadReference {
  readonly scope?: ScopeLevel;
  readonly scopePrefix?: Part;
  readonly identifier?: Part;
  readonly uri?: SecretUri;
  readonly findings: readonly Finding[];
  /** True where a finding makes the rest meaningless. */
  readonly broken: boolean;
}

/** Places of a text: where the character at `index` stands in the file. */
export type Offset = (index: number) => number;

interface Reading {
  readonly text: string;
  readonly plain: boolean;
  readonly findings: Finding[];
  part(start: number, end: number): Part;
  span(start: number, end: number): Span;
}

export function readReference(text: string, offset: Offset, plain: boolean): ReadReference {
  const span = (start: number, end: number): Span => ({ start: offset(start), end: offset(end) });
  const reading: Reading = {
    text,
    plain,
    findings: [],
    span,
    part: (start, end) => ({ text: text.slice(start, end), span: span(start, end) }),
  };
  if (text.trim() === "") {
    reading.findings.push(newFinding("empty-identifier", span(0, text.length), "The reference names no secret. Write the identifier of a secret"));
    return { findings: reading.findings, broken: true };
  }
  const host = /^(?:[A-Za-z]{1,10}\.)?(?=[0-9A-Za-z-]{1,127}\.(?:vault|managedhsm)\.[a-z]{1,30}\.)/.exec(text);
  if (host !== null && text.includes("/") && !text.includes("://")) {
    pushVaultUrl(reading, host[0].length, "nothing");
    return { findings: reading.findings, broken: true };
  }
  if (text.includes("://")) return readUri(reading);
  if (/^(?:[A-Za-z]{1,10}\.)?(?:azurevault|hashicorpvault|awssecretsmanager|gcpsecretsmanager):/i.test(text)) {
    reading.findings.push(newFinding("bad-uri", span(0, text.length), `A path reference is written scheme://connector/path, "${shownText(text)}" is not`));
    return { findings: reading.findings, broken: true };
  }
  return readIdentifier(reading);
}

function readIdentifier(reading: Reading): ReadReference {
  const { text, findings } = reading;
  const dot = text.indexOf(".");
  if (dot < 0) return readPlainIdentifier(reading, 0, undefined, "project");
  if (text.indexOf(".", dot + 1) >= 0) {
    const rule = reading.plain ? "dots-in-plain-ref" : "too-many-dots";
    const wording = reading.plain
      ? "Harness may refuse a reference with more than one dot. Write id, org.id or account.id"
      : "A reference has at most one dot. Write id, org.id or account.id";
    findings.push(newFinding(rule, reading.span(text.indexOf(".", dot + 1), text.length), wording));
    return { findings, broken: true };
  }
  const scope = readScope(reading, 0, dot);
  const scopePrefix = reading.part(0, dot);
  if (scope === undefined) return { scopePrefix, ...(dot + 1 < text.length ? { identifier: reading.part(dot + 1, text.length) } : {}), findings, broken: true };
  return readPlainIdentifier(reading, dot + 1, scopePrefix, scope);
}

function readPlainIdentifier(reading: Reading, start: number, scopePrefix: Part | undefined, scope: ScopeLevel): ReadReference {
  const { text, findings } = reading;
  const identifier = reading.part(start, text.length);
  const found = { scope, ...(scopePrefix === undefined ? {} : { scopePrefix }), identifier, findings };
  const word = shownText(identifier.text);
  if (identifier.text === "") {
    findings.push(newFinding("empty-identifier", reading.span(0, text.length), `"${shownText(text)}" names a scope but no secret. Write the identifier behind the dot`));
    return { ...found, broken: true };
  }
  const level = scopePrefix === undefined ? /^(?:account|org)(?=\/[A-Za-z_][\w$-]{0,127}$)/.exec(identifier.text)?.[0] : undefined;
  if (level !== undefined) {
    const { start } = identifier.span;
    const slash = reading.span(level.length, level.length + 1);
    findings.push(newFinding("invalid-identifier", { start, end: slash.end }, `A dot stands between the scope and the identifier. Write "${identifier.text.replace("/", ".")}"`, { fixes: [replaceFix('Write "."', slash, ".")] }));
    return { ...found, broken: true };
  }
  const part = /^[A-Za-z_][\w$-]{0,127}([#/])/.exec(identifier.text)?.[1];
  if (part !== undefined) {
    const what = part === "#" ? "A JSON key" : "A version";
    findings.push(newFinding("invalid-identifier", identifier.span, `${what} cannot stand behind an identifier. It belongs into the value of a secret of type Reference, or into a path azurevault://connector/name${part === "#" ? "#key" : "/version"}`));
    return { ...found, broken: true };
  }
  if (!isSecretIdentifier(identifier.text)) {
    findings.push(
      newFinding(
        "invalid-identifier",
        identifier.span,
        `"${word}" is no identifier: 1 to 128 letters, digits, _, $ (in newer accounts also -), not starting with a digit, $ or -. Write the secret's identifier, not its Name`,
      ),
    );
    return { ...found, broken: true };
  }
  if (isReservedWord(identifier.text)) {
    findings.push(newFinding("invalid-identifier", identifier.span, `"${word}" is a keyword of Harness and no secret can have it as identifier`));
    return { ...found, broken: true };
  }
  if (identifier.text.includes("-")) {
    findings.push(newFinding("hyphen-identifier", identifier.span, `Older Harness accounts refuse the hyphen in "${word}". Check that this is the identifier and not a Name`));
  }
  return { ...found, broken: false };
}

/** Reads the scope prefix `text[start, end)`; undefined, with a finding, where it is none. */
function readScope(reading: Reading, start: number, end: number): ScopeLevel | undefined {
  const prefix = reading.text.slice(start, end);
  if (prefix === "account" || prefix === "org") return prefix;
  const span = reading.span(start, end);
  const lower = prefix.toLowerCase();
  if (lower === "account" || lower === "org") {
    reading.findings.push(
      newFinding("scope-prefix-case", span, `Write "${lower}" in lower case: parts of Harness compare the scope letter by letter`, {
        fixes: [replaceFix(`Write "${lower}"`, span, lower)],
      }),
    );
    return lower;
  }
  const without = reading.span(start, end + 1);
  const removal = replaceFix("Remove the prefix: a project secret has none", without, "");
  if (lower === "project") {
    // Harness's documentation and its back end contradict each other here, so it is not told as a sure fault.
    const message = `Harness's back end refuses "${prefix}." although pages of its documentation write it. Write a project secret without prefix`;
    reading.findings.push(newFinding("invalid-scope-prefix", span, message, { severity: "warning", fixes: [removal] }));
    return undefined;
  }
  const meant = nearest(lower, ["account", "org"]);
  const fixes = [];
  if (lower === "proj") fixes.push(removal);
  else if (meant !== undefined) fixes.push(replaceFix(`Write "${meant}"`, span, meant));
  reading.findings.push(newFinding("invalid-scope-prefix", prefix === "" ? without : span, `"${shownText(prefix)}" is no scope. Write id, org.id or account.id`, { fixes }));
  return undefined;
}

function readUri(reading: Reading): ReadReference {
  const { text, findings } = reading;
  const separator = text.indexOf("://");
  const dot = text.indexOf(".");
  const hasPrefix = dot >= 0 && dot < separator;
  const schemeStart = hasPrefix ? text.lastIndexOf(".", separator) + 1 : 0;
  const scheme = reading.part(schemeStart, separator);
  let scope: ScopeLevel | undefined = "project";
  let scopePrefix: Part | undefined;
  if (hasPrefix) {
    scopePrefix = reading.part(0, schemeStart - 1);
    scope = readScope(reading, 0, schemeStart - 1);
  }
  const found = { ...(scope === undefined ? {} : { scope }), ...(scopePrefix === undefined ? {} : { scopePrefix }), findings };
  if (scope === undefined) return { ...found, ...(isScheme(scheme.text) ? { uri: splitUri(reading, scheme, separator + 3) } : {}), broken: true };
  if (looksLikeVaultUrl(text.slice(schemeStart))) {
    pushVaultUrl(reading, schemeStart, "nothing");
    return { ...found, broken: true };
  }
  if (!isScheme(scheme.text)) {
    findings.push(unknownScheme(scheme));
    return { findings, broken: true };
  }
  const uri = splitUri(reading, scheme, separator + 3);
  return { ...found, ...checkUri(reading, uri, scopePrefix) };
}

const schemeAliases: Readonly<Record<string, string>> = {
  vault: "hashicorpvault",
  hashicorp: "hashicorpvault",
  azurekeyvault: "azurevault",
  keyvault: "azurevault",
  akv: "azurevault",
  azure: "azurevault",
  aws: "awssecretsmanager",
  awssecretmanager: "awssecretsmanager",
  gcp: "gcpsecretsmanager",
  gcpsecretmanager: "gcpsecretsmanager",
};

function unknownScheme(scheme: Part): Finding {
  const lower = scheme.text.toLowerCase();
  const meant = isScheme(lower) ? lower : Object.hasOwn(schemeAliases, lower) ? schemeAliases[lower] : nearest(lower, Object.keys(schemes));
  const advice = meant === undefined ? `The schemes are ${Object.keys(schemes).join(", ")}` : `Write ${meant}`;
  return newFinding("unknown-scheme", scheme.span, `No secret manager has the scheme "${shownText(scheme.text)}", so Harness takes the text for an identifier. ${advice}`, {
    fixes: meant === undefined ? [] : [replaceFix(`Write "${meant}"`, scheme.span, meant)],
  });
}

/** The first slash ends the connector; further ones before the path count for HashiCorp Vault alone. */
function splitUri(reading: Reading, scheme: Part, start: number): SecretUri {
  const { text } = reading;
  const slash = text.indexOf("/", start);
  const connectorEnd = slash < 0 ? text.length : slash;
  let pathStart = Math.min(connectorEnd + 1, text.length);
  if (scheme.text !== "hashicorpvault") while (text.charAt(pathStart) === "/") pathStart++;
  return { scheme, connector: reading.part(start, connectorEnd), path: reading.part(pathStart, text.length) };
}

function checkUri(reading: Reading, uri: SecretUri, scopePrefix: Part | undefined): { readonly uri: SecretUri; readonly broken: boolean } {
  const { text, findings } = reading;
  const { scheme, connector, path } = uri;
  const start = text.indexOf("://") + 3;
  const pathStart = text.length - path.text.length;
  if (scheme.text === "azurevault" && (looksLikeVaultUrl(text.slice(start)) || looksLikeVaultUrl(path.text))) {
    const isConnector = looksLikeVaultUrl(text.slice(start));
    pushVaultUrl(reading, isConnector ? start : pathStart, isConnector ? "scheme" : "connector");
    return { uri, broken: true };
  }
  const inside = /^(account|org)\./i.exec(connector.text);
  if (inside?.[1] !== undefined) {
    findings.push(scopeInsideUri(scheme, connector, inside[1], scopePrefix));
    return { uri, broken: true };
  }
  if (connector.text === "" || path.text === "") {
    findings.push(newFinding("bad-uri", reading.span(0, text.length), `The path lacks its ${connector.text === "" ? "connector" : "secret"}. Write ${scheme.text}://connector/name`));
    return { uri, broken: true };
  }
  const dot = text.indexOf(".", start);
  if (dot >= 0) {
    const rule = reading.plain ? "dots-in-plain-ref" : "dot-in-uri";
    const wording = "Harness splits a reference at its dots, so a path cannot hold one. Refer to the secret by an identifier instead, whose path may hold dots";
    findings.push(newFinding(rule, dotSpan(reading, dot), wording));
    return { uri, broken: true };
  }
  const colon = text.indexOf(":", start);
  if (colon >= 0) {
    findings.push(newFinding("bad-uri", reading.span(colon, text.length), "Harness cuts a path at its second colon. Write the path without one"));
    return { uri, broken: true };
  }
  if (!isConnectorIdentifier(connector.text)) {
    findings.push(newFinding("invalid-identifier", connector.span, `"${shownText(connector.text)}" is no connector identifier: letters, digits, _ and $, not starting with a digit or $`));
    return { uri, broken: true };
  }
  return readPath(reading, uri, pathStart);
}

function readPath(reading: Reading, uri: SecretUri, pathStart: number): { readonly uri: SecretUri; readonly broken: boolean } {
  if (uri.scheme.text === "gcpsecretsmanager") {
    const second = uri.path.text.indexOf("/", uri.path.text.indexOf("/") + 1);
    if (uri.path.text.includes("/") && second >= 0) {
      reading.findings.push(newFinding("gcp-too-many-segments", reading.span(pathStart + second, reading.text.length), "A GCP path is name or name/version. Remove what follows"));
      return { uri, broken: true };
    }
    return { uri, broken: false };
  }
  if (uri.scheme.text !== "azurevault") return { uri, broken: false };
  const read = readVaultPath(uri.path.text, (start, end) => reading.span(pathStart + start, pathStart + end));
  reading.findings.push(...read.findings);
  return { uri: { ...uri, ...(read.path === undefined ? {} : { vaultPath: read.path }) }, broken: read.broken };
}

/** The segment around a dot, so that the underline shows what has to go. */
function dotSpan(reading: Reading, dot: number): Span {
  const { text } = reading;
  let start = dot;
  while (start > 0 && !"/#:".includes(text.charAt(start - 1))) start--;
  let end = dot;
  while (end < text.length && !"/#".includes(text.charAt(end))) end++;
  return reading.span(start, end);
}

function scopeInsideUri(scheme: Part, connector: Part, written: string, scopePrefix: Part | undefined): Finding {
  const prefix: Span = { start: connector.span.start, end: connector.span.start + written.length + 1 };
  const scope = written.toLowerCase();
  const before = scopePrefix === undefined ? { span: { start: scheme.span.start, end: scheme.span.start }, newText: `${scope}.` } : { span: scopePrefix.span, newText: scope };
  return newFinding("scope-inside-uri", prefix, `The connector's scope stands before the scheme. Write ${scope}.${scheme.text}://…`, {
    fixes: [{ title: `Move "${scope}." before the scheme`, edits: [before, { span: prefix, newText: "" }], preferred: true }],
  });
}

function looksLikeVaultUrl(text: string): boolean {
  return /^(?:https?:\/\/|[0-9A-Za-z-]{1,127}\.vault\.)/i.test(text) && /^[^]{0,300}\.(?:vault|managedhsm)\./i.test(text.slice(0, 400));
}

/** `before`: what of a path reference already stands before the URL. */
function pushVaultUrl(reading: Reading, start: number, before: "nothing" | "scheme" | "connector"): void {
  const url = reading.text.slice(start);
  const match = /(?:\/secrets\/|^[0-9A-Za-z.-]{1,200}\/)([0-9A-Za-z-]{1,127})(?:\/([0-9a-fA-F]{32}))?\/?$/.exec(url.slice(0, 400));
  const name = match?.[1];
  const path = name === undefined ? undefined : match?.[2] === undefined ? name : `${name}/${match[2]}`;
  const span = reading.span(start, reading.text.length);
  const lead = { nothing: ["azurevault://<connector>/", "azurevault://connector/"], scheme: ["<connector>/", "connector/"], connector: ["", ""] } as const;
  const [shown, written] = lead[before];
  const fixes = path === undefined ? [] : [replaceFix(`Write "${shown}${path}"`, span, `${written}${path}`, before === "connector")];
  reading.findings.push(newFinding("akv-url", span, "Harness takes no Key Vault URL. Write azurevault://connector/name, with the identifier of the connector", { fixes }));
}

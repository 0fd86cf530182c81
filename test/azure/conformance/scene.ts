import type { RawAnswer } from "../sendRaw.ts";
import type { Caller, RequestRow } from "./requestRow.ts";
import type { Application, Subject, SubjectVault, VaultWish } from "./subject.ts";

/** What one case plays in: a vault of its own, its owner, and a guest without rights. */
export interface Scene {
  readonly subject: Subject;
  readonly vault: SubjectVault;
  readonly owner: Application;
  readonly guest: Application;
  /** What {words} in requests and expectations stand for. */
  readonly words: Map<string, string>;
  readonly send: (row: RequestRow) => Promise<RawAnswer>;
  /** Sends a request of the arrangement; throws where it does not succeed. */
  readonly must: (row: RequestRow) => Promise<RawAnswer>;
}

const hosts = { resourceManager: "https://management.azure.com", entra: "https://login.microsoftonline.com" };
const vaultAudience = "https://vault.azure.net";
const apiVersions = { vault: "2026-04-01", resourceManager: "2026-02-01" };

export async function createScene(subject: Subject, wish: VaultWish = {}): Promise<Scene> {
  const vault = await subject.makeVault(wish);
  const owner = await subject.makeApplication();
  const guest = await subject.makeApplication();
  await grantEverything(subject, vault, owner, wish);
  const words = new Map([
    ["vault", vault.name],
    ["vaultUrl", `https://${vault.name}.vault.azure.net`],
    ["group", vault.resourceGroup],
    ["tenant", subject.tenant],
    ["subscription", subject.subscription],
    ["clientId", owner.clientId],
    ["clientSecret", owner.clientSecret],
    ["objectId", owner.objectId],
    ["guestId", guest.clientId],
    ["guestObjectId", guest.objectId],
  ]);
  const send = (row: RequestRow): Promise<RawAnswer> => sendRow(scene, row);
  const scene: Scene = {
    subject,
    vault,
    owner,
    guest,
    words,
    send,
    async must(row) {
      const answer = await send(row);
      if (answer.status >= 300) {
        throw new Error(`The arrangement failed: ${row.line} was answered with ${String(answer.status)}.`);
      }
      return answer;
    },
  };
  return scene;
}

/** Puts in what the scene remembers, in every text of a request or an expectation. Throws for a word it does not know. */
export function fillIn<T>(value: T, words: ReadonlyMap<string, string>): T {
  if (typeof value === "string") {
    return value.replace(/\{([a-zA-Z]+)\}/g, (_whole, word: string) => known(words, word)) as T;
  }
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => fillIn(entry, words)) as T;
  }
  if (typeof value === "object" && value !== null && !(value instanceof RegExp)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillIn<unknown>(entry, words)])) as T;
  }
  return value;
}

function known(words: ReadonlyMap<string, string>, word: string): string {
  const found = words.get(word);
  if (found === undefined) {
    throw new Error(`No scene knows the word {${word}}.`);
  }
  return found;
}

async function grantEverything(subject: Subject, vault: SubjectVault, owner: Application, wish: VaultWish): Promise<void> {
  if (wish.access === "policies") {
    if (subject.capabilities.has("policies")) {
      await subject.grantPolicy(vault, owner, ["list", "get", "set", "delete", "recover", "purge"]);
    }
  } else if (subject.capabilities.has("roles")) {
    await subject.grantRole(vault, owner, "Key Vault Secrets Officer");
  }
  if (subject.capabilities.has("resourceManager")) {
    await subject.grantReader(owner);
  }
}

async function sendRow(scene: Scene, row: RequestRow): Promise<RawAnswer> {
  const [method = "", path = ""] = fillIn(row.line, scene.words).split(" ");
  const to = row.to ?? "vault";
  const base = to === "vault" ? known(scene.words, "vaultUrl") : hosts[to];
  const url = `${base}${withApiVersion(path, to, row.apiVersion)}`;
  const token = await tokenOf(scene, row.as ?? (to === "entra" ? "nobody" : "owner"), to === "resourceManager" ? hosts.resourceManager : vaultAudience);
  const common = { method, ...(token === undefined ? {} : { token }), ...payload(row, scene.words) };
  const first = await scene.subject.send({ ...common, url });
  return row.allPages === true ? followPages(scene, common, first) : first;
}

function withApiVersion(path: string, to: "vault" | "resourceManager" | "entra", asked: string | null | undefined): string {
  const version = asked === undefined && to !== "entra" ? apiVersions[to] : asked;
  return version === undefined || version === null ? path : `${path}${path.includes("?") ? "&" : "?"}api-version=${version}`;
}

function payload(row: RequestRow, words: ReadonlyMap<string, string>): { readonly body?: unknown; readonly headers?: Record<string, string> } {
  if (row.form !== undefined) {
    return { body: new URLSearchParams(fillIn(row.form, words)).toString(), headers: { "content-type": "application/x-www-form-urlencoded" } };
  }
  return row.body === undefined ? {} : { body: fillIn(row.body, words), headers: { "content-type": "application/json" } };
}

async function tokenOf({ subject, owner, guest }: Scene, caller: Caller, audience: string): Promise<string | undefined> {
  switch (caller) {
    case "nobody":
      return undefined;
    case "owner":
      return subject.tokenFor(owner, audience);
    case "guest":
      return subject.tokenFor(guest, audience);
    case "garbage":
      return "no-token-at-all";
    case "forged": {
      const [header = "", payloadText = ""] = (await subject.tokenFor(owner, audience)).split(".");
      return `${header}.${payloadText}.${Buffer.from("signed by nobody").toString("base64url")}`;
    }
    case "otherTenant":
      return subject.tokenFor(owner, audience, "elsewhere");
    case "otherAudience":
      return subject.tokenFor(owner, audience === vaultAudience ? hosts.resourceManager : vaultAudience);
    case "expired": {
      const token = await subject.tokenFor(owner, audience);
      await subject.advance(25 * 3_600_000);
      return token;
    }
  }
}

interface Page {
  readonly value: readonly { readonly id: string }[];
  readonly nextLink?: string | null;
}

/** More pages than this are a circle. */
const mostPages = 50;

async function followPages({ subject }: Scene, common: object, first: RawAnswer): Promise<RawAnswer> {
  const pages: number[] = [];
  const ids: string[] = [];
  let answer = first;
  for (;;) {
    const page = answer.json as Page | undefined;
    if (answer.status !== 200 || page === undefined) {
      return answer;
    }
    pages.push(page.value.length);
    ids.push(...page.value.map((item) => item.id));
    const next = page.nextLink ?? "";
    if (next === "" || pages.length === mostPages) {
      return { ...answer, json: { pages, ids, distinct: new Set(ids).size } };
    }
    answer = await subject.send({ ...common, url: next });
  }
}

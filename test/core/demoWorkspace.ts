import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { Analysis, Snapshot } from "../../server/src/core/index.ts";
import { analyze, defaultSettings, emptyDirectory, Facts, factsNeeded, jsonShapeKey, readConfig, WorkspaceModel } from "../../server/src/core/index.ts";
import type { DeletedSecret, Fact, JsonKey, JsonShape, SecretVersion, VaultFacts, VaultWant } from "../../server/src/core/model/facts.ts";
import type { LocalAzure } from "../azure/localAzure.ts";
import { assignedIn } from "./fixture.ts";
import { seedDemo } from "../azure/seed.ts";

export const demoFolder = join(import.meta.dirname, "../../demo");

export interface DemoFile {
  /** Relative to demo/, with `/`. */
  readonly path: string;
  readonly snapshot: Snapshot;
}

type SetSecret = Parameters<LocalAzure["setSecret"]>[2];

interface RecordedVault {
  /** Versions by name, newest first. */
  readonly secrets: Map<string, readonly SetSecret[]>;
  readonly deleted: Map<string, DeletedSecret>;
  readonly retentionDays: number;
}

const dayMs = 86_400_000;

/** Every YAML file of demo/, each with all that its references need to know of the two seeded vaults. */
export function demoFiles(now: number): readonly DemoFile[] {
  const paths = readdirSync(demoFolder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".yaml"));
  const analyses = paths.map((path) => path.split(sep).join("/")).sort().map(analyzeFile);
  const { config } = readConfig("file:///demo/keyline.jsonc", readFileSync(join(demoFolder, "keyline.jsonc"), "utf8"));
  const workspace = new WorkspaceModel(config, analyses.flatMap(({ analysis }) => analysis.entities), assignedIn(config, "file:///demo/"));
  const vaults = recordSeed(now);
  return analyses.map(({ path, analysis }) => ({ path, snapshot: withFacts({ analysis, workspace, facts: Facts.none, directory: emptyDirectory, now, settings: defaultSettings }, vaults) }));
}

function analyzeFile(path: string): { readonly path: string; readonly analysis: Analysis } {
  return { path, analysis: analyze(`file:///demo/${path}`, readFileSync(join(demoFolder, path), "utf8")) };
}

/** What the demo's README says is wrong: file, marked text, rule and severity, in the order of the check. */
export function demoMistakes(): readonly (readonly (string | undefined)[])[] {
  return readFileSync(join(demoFolder, "README.md"), "utf8")
    .split("\n")
    .filter((line) => line.includes("](../docs/rules/"))
    .map((line) => {
      const [file, marked, link, severity] = line.split("|").slice(1, 5).map((cell) => cell.trim());
      return [file, marked?.replace(/^`(.*)`$/, "$1"), /^\[([a-z-]+)\]\(\.\.\/docs\/rules\/\1\.md\)$/.exec(link ?? "")?.[1], severity];
    });
}

/** The seed, played into a recorder instead of a listening local Azure. */
function recordSeed(now: number): ReadonlyMap<string, RecordedVault> {
  const vaults = new Map<string, RecordedVault>();
  const ignore = (): void => undefined;
  const vault = (name: string): RecordedVault => {
    const found = vaults.get(name);
    if (found === undefined) throw new Error(`The seed fills vault ${name} before it adds it.`);
    return found;
  };
  const recorder: Pick<LocalAzure, "addSubscription" | "registerApp" | "registerUser" | "grantReader" | "grant" | "addVault" | "setSecret" | "deleteSecret"> = {
    addSubscription: ignore,
    registerApp: ignore,
    registerUser: ignore,
    grantReader: ignore,
    grant: ignore,
    addVault: ({ name, retentionDays = 90 }) => void vaults.set(name, { secrets: new Map(), deleted: new Map(), retentionDays }),
    setSecret: (name, secret, input) => {
      vault(name).secrets.set(secret, [input, ...(vault(name).secrets.get(secret) ?? [])]);
      return input.version ?? "";
    },
    deleteSecret: (name, secret, deletedOn = now) => {
      const { secrets, deleted, retentionDays } = vault(name);
      secrets.delete(secret);
      deleted.set(secret, { state: "deleted", deletedOn, scheduledPurge: deletedOn + retentionDays * dayMs });
    },
  };
  seedDemo(recorder as LocalAzure, now);
  return vaults;
}

/** Answers what is needed; an answer may raise the next question, as a missing name asks for the deleted ones. */
function withFacts(snapshot: Snapshot, vaults: ReadonlyMap<string, RecordedVault>): Snapshot {
  const wants = factsNeeded(snapshot);
  const facts = new Facts(wants.map((want) => answer(want, vaults, snapshot.now)), "unreachable");
  const next = { ...snapshot, facts };
  return JSON.stringify(factsNeeded(next)) === JSON.stringify(wants) ? next : withFacts(next, vaults);
}

function answer(want: VaultWant, vaults: ReadonlyMap<string, RecordedVault>, at: number): VaultFacts {
  const vault = vaults.get(want.vault.name);
  if (vault === undefined) throw new Error(`The seed has no vault ${want.vault.name}.`);
  const known = <T>(value: T): Fact<T> => ({ state: "known", value, at });
  const versionsOf = (name: string): readonly SetSecret[] => vault.secrets.get(name.toLowerCase()) ?? [];
  const secrets = [...vault.secrets].flatMap(([name, [latest]]) => (latest === undefined ? [] : [{ name, ...attributes(latest) }]));
  return {
    vault: want.vault,
    listing: known({ secrets, complete: true }),
    versions: want.versionsOf.map((name) => [name.toLowerCase(), known<readonly SecretVersion[]>(versionsOf(name).map((input) => ({ version: input.version ?? "", ...attributes(input) })))]),
    deleted: want.deletedOf.map((name) => [name.toLowerCase(), known(vault.deleted.get(name.toLowerCase()) ?? { state: "absent" })]),
    jsonShapes: want.jsonOf.flatMap(({ name, version }) => {
      const input = versionsOf(name).find((candidate) => version === undefined || candidate.version === version);
      return input === undefined ? [] : [[jsonShapeKey(name, version), known(shapeOf(input.value))] as const];
    }),
  };
}

function attributes({ enabled, created, expires, notBefore }: SetSecret): { readonly enabled: boolean; readonly created?: number; readonly expires?: number; readonly notBefore?: number } {
  return {
    enabled: enabled ?? true,
    ...(created === undefined ? {} : { created: created.getTime() }),
    ...(expires === undefined ? {} : { expires: expires.getTime() }),
    ...(notBefore === undefined ? {} : { notBefore: notBefore.getTime() }),
  };
}

function shapeOf(value: string): JsonShape {
  return value.startsWith("{") ? { kind: "json", keys: keysOf(JSON.parse(value)) } : { kind: "not-json" };
}

function keysOf(object: object): readonly JsonKey[] {
  return Object.entries(object).map(([name, value]: [string, unknown]) => (typeof value === "object" && value !== null ? { name, children: keysOf(value) } : { name }));
}

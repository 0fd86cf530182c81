import type { RuleId, Severity } from "../rules.ts";
import type { ConnectorEntity, Entity, SecretEntity } from "./entities.ts";
import type { Scope } from "./scope.ts";
import { scopeKey } from "./scope.ts";
import { maxNearest, nearestFew } from "./nearest.ts";
import type { VaultTarget } from "./vaultTarget.ts";
import { vaultKey } from "./vaultTarget.ts";

/** What a workspace folder's keyline.jsonc says, after reading. */
export interface KeylineConfig {
  readonly organization?: string;
  readonly project?: string;
  /** Keys of the scopes whose secrets and connectors are all known. */
  readonly complete: readonly string[];
  readonly entities: readonly Entity[];
  readonly rules: Readonly<Partial<Record<RuleId, Severity>>>;
  /** Globs relative to the folder; empty means all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export const emptyConfig: KeylineConfig = { complete: [], entities: [], rules: {}, include: [], exclude: [] };

interface ScopeEntities {
  readonly connectors: Map<string, ConnectorEntity>;
  readonly secrets: Map<string, SecretEntity>;
  /** Made when it is first asked for. */
  secretsByName?: ReadonlyMap<string, SecretEntity>;
  /** By the identifier that was asked for: typing asks for the same unknown ones again with each keystroke. */
  readonly nearest: Map<string, readonly string[]>;
}

/** The definitions of one connector in YAML files, in the order of the files. */
export interface Definitions {
  readonly first: ConnectorEntity;
  /** The one that counts. */
  readonly last: ConnectorEntity;
  /** The files that define it more than once. */
  readonly repeatedIn: ReadonlySet<string>;
}

/** The connectors and secrets known in one workspace folder, and what its configuration says. Immutable. */
export class WorkspaceModel {
  static readonly empty: WorkspaceModel = new WorkspaceModel(emptyConfig, []);
  readonly config: KeylineConfig;
  readonly entities: readonly Entity[];
  readonly #byScope = new Map<string, ScopeEntities>();
  readonly #complete: ReadonlySet<string>;
  /** Made when they are first asked for. */
  #byVault: ReadonlyMap<string, readonly ConnectorEntity[]> | undefined;
  #written: ReadonlyMap<string, Definitions> | undefined;

  /** `entities` are those of the folder's YAML files; keyline.jsonc's own come with `config` and win. */
  constructor(config: KeylineConfig, entities: readonly Entity[]) {
    this.config = config;
    this.entities = [...entities, ...config.entities];
    this.#complete = new Set(config.complete);
    for (const entity of this.entities) {
      if (entity.scope.level === "unknown") continue;
      const group = this.#group(scopeKey(entity.scope));
      if (entity.kind === "connector") group.connectors.set(entity.identifier, entity);
      else group.secrets.set(entity.identifier, entity);
    }
  }

  connector(scope: Scope, identifier: string): ConnectorEntity | undefined {
    return this.#byScope.get(scopeKey(scope))?.connectors.get(identifier);
  }

  secret(scope: Scope, identifier: string): SecretEntity | undefined {
    return this.#byScope.get(scopeKey(scope))?.secrets.get(identifier);
  }

  /** The first secret of that scope whose Name it is. */
  secretOfName(scope: Scope, name: string): SecretEntity | undefined {
    const group = this.#byScope.get(scopeKey(scope));
    if (group === undefined) return undefined;
    group.secretsByName ??= new Map([...group.secrets.values()].reverse().flatMap((secret) => (secret.name === undefined ? [] : [[secret.name, secret] as const])));
    return group.secretsByName.get(name);
  }

  /** The identifiers of that scope's secrets that are written most like `identifier`, best first. */
  nearestSecrets(scope: Scope, identifier: string): readonly string[] {
    const group = this.#byScope.get(scopeKey(scope));
    if (group === undefined) return [];
    let found = group.nearest.get(identifier);
    if (found === undefined) {
      found = nearestFew(identifier, group.secrets.keys(), maxNearest);
      group.nearest.set(identifier, found);
    }
    return found;
  }

  connectorsIn(scope: Scope): readonly ConnectorEntity[] {
    return [...(this.#byScope.get(scopeKey(scope))?.connectors.values() ?? [])];
  }

  secretsIn(scope: Scope): readonly SecretEntity[] {
    return [...(this.#byScope.get(scopeKey(scope))?.secrets.values() ?? [])];
  }

  /** The connectors that open that vault, each once, however many files define it. */
  connectorsOn(vault: VaultTarget): readonly ConnectorEntity[] {
    this.#byVault ??= this.#groupByVault();
    return this.#byVault.get(vaultKey(vault)) ?? [];
  }

  /** How YAML files define the connector of that scope and identifier. */
  definitionsOf(scope: Scope, identifier: string): Definitions | undefined {
    this.#written ??= this.#groupWritten();
    return this.#written.get(`${scopeKey(scope)} ${identifier}`);
  }

  /** True where every secret and connector of that scope is known, so that an unknown one does not exist. */
  isComplete(scope: Scope): boolean {
    return this.#complete.has(scopeKey(scope));
  }

  #groupByVault(): ReadonlyMap<string, readonly ConnectorEntity[]> {
    const known = [...this.#byScope.values()].flatMap(({ connectors }) => [...connectors.values()]);
    const placeless = this.entities.filter((entity): entity is ConnectorEntity => entity.kind === "connector" && entity.scope.level === "unknown");
    return grouped([...known, ...placeless], ({ vault }) => (vault === undefined ? undefined : vaultKey(vault)));
  }

  #groupWritten(): ReadonlyMap<string, Definitions> {
    const inConfig = new Set<Entity>(this.config.entities);
    const written = this.entities.filter((entity): entity is ConnectorEntity => entity.kind === "connector" && !inConfig.has(entity));
    const groups = grouped(written, ({ scope, identifier }) => (scope.level === "unknown" ? undefined : `${scopeKey(scope)} ${identifier}`));
    return new Map([...groups].flatMap(([key, group]) => {
      const [first, last] = [group[0], group.at(-1)];
      return first === undefined || last === undefined ? [] : [[key, { first, last, repeatedIn: repeatedFiles(group) }] as const];
    }));
  }

  #group(key: string): ScopeEntities {
    let group = this.#byScope.get(key);
    if (group === undefined) {
      group = { connectors: new Map(), secrets: new Map(), nearest: new Map() };
      this.#byScope.set(key, group);
    }
    return group;
  }
}

function grouped(connectors: readonly ConnectorEntity[], keyOf: (connector: ConnectorEntity) => string | undefined): ReadonlyMap<string, readonly ConnectorEntity[]> {
  const groups = new Map<string, ConnectorEntity[]>();
  for (const connector of connectors) {
    const key = keyOf(connector);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [connector]);
    else group.push(connector);
  }
  return groups;
}

function repeatedFiles(connectors: readonly ConnectorEntity[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { origin } of connectors) {
    if (seen.has(origin.uri)) repeated.add(origin.uri);
    seen.add(origin.uri);
  }
  return repeated;
}

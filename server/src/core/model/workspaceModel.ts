import type { RuleId, Severity } from "../rules.ts";
import type { ConnectorEntity, Entity, SecretEntity } from "./entities.ts";
import type { DocumentHead, PathScope } from "./documentScope.ts";
import { documentScope } from "./documentScope.ts";
import type { FileScope, Scope } from "./scope.ts";
import { scopeKey } from "./scope.ts";
import { maxNearest, nearestNames } from "./nearest.ts";
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
  /** Which files live in which scope; the first that matches counts. Globs are relative to the folder. */
  readonly scopes: readonly { readonly files: string; readonly scope: Scope }[];
  /** Globs relative to the folder; empty means all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export const emptyConfig: KeylineConfig = { complete: [], entities: [], rules: {}, scopes: [], include: [], exclude: [] };

interface ScopeEntities {
  readonly connectors: Map<string, ConnectorEntity>;
  readonly secrets: Map<string, SecretEntity>;
  /** Made when it is first asked for. */
  secretsByName?: ReadonlyMap<string, SecretEntity>;
  /** By the kind and identifier that was asked for: typing asks for the same unknown ones again with each keystroke. */
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

/** What an identifier means in a scope. */
export interface Definition<T extends Entity> {
  readonly entity?: T;
  /** All that may be meant, where files of unknown scope leave it open. */
  readonly several?: readonly T[];
}

/** Gives the scope that `scopes` of keyline.jsonc assigns to the file of that URI. */
export type AssignedScope = (uri: string) => Scope | undefined;

const noneAssigned: AssignedScope = () => undefined;

/** The connectors and secrets known in one workspace folder, and what its configuration says. Immutable. */
export class WorkspaceModel {
  static readonly empty: WorkspaceModel = new WorkspaceModel(emptyConfig, []);
  readonly config: KeylineConfig;
  readonly entities: readonly Entity[];
  readonly #assigned: AssignedScope;
  readonly #byScope = new Map<string, ScopeEntities>();
  /** The definitions of unknown scope, by kind and identifier. */
  readonly #unplaced = new Map<string, Entity[]>();
  readonly #complete: ReadonlySet<string>;
  /** Made when they are first asked for. */
  #byVault: ReadonlyMap<string, readonly ConnectorEntity[]> | undefined;
  #written: ReadonlyMap<string, Definitions> | undefined;
  #placedByIdentifier: ReadonlyMap<string, readonly Entity[]> | undefined;

  /** `entities` are those of the folder's YAML files; keyline.jsonc's own come with `config` and win. */
  constructor(config: KeylineConfig, entities: readonly Entity[], assigned: AssignedScope = noneAssigned) {
    this.config = config;
    this.#assigned = assigned;
    this.entities = [...entities.map((entity) => this.place(entity)), ...config.entities];
    this.#complete = new Set(config.complete);
    for (const entity of this.entities) {
      if (entity.scope.level === "unknown") {
        const key = definitionKey(entity);
        const others = this.#unplaced.get(key);
        if (others === undefined) this.#unplaced.set(key, [entity]);
        else others.push(entity);
        continue;
      }
      const group = this.#group(scopeKey(entity.scope));
      if (entity.kind === "connector") group.connectors.set(entity.identifier, entity);
      else group.secrets.set(entity.identifier, entity);
    }
  }

  /** The scope of a document of a file of this folder. */
  documentScope(uri: string, head: DocumentHead, path: PathScope): FileScope {
    const { organization, project } = this.config;
    const assigned = this.#assigned(uri);
    return documentScope(head, path, {
      ...(organization === undefined ? {} : { org: organization }),
      ...(project === undefined ? {} : { project }),
      ...(assigned === undefined ? {} : { assigned }),
    });
  }

  /** The entity as a file defines it, with the scope that it has in this folder. */
  place<T extends Entity>(entity: T): T {
    const { said } = entity;
    return said === undefined ? entity : { ...entity, scope: this.documentScope(entity.origin.uri, said.head, said.path) };
  }

  connector(scope: Scope, identifier: string): ConnectorEntity | undefined {
    return this.#byScope.get(scopeKey(scope))?.connectors.get(identifier);
  }

  secret(scope: Scope, identifier: string): SecretEntity | undefined {
    return this.#byScope.get(scopeKey(scope))?.secrets.get(identifier);
  }

  /**
   * The connector that an identifier means in `scope`, undefined where that depends on the run. A definition of unknown
   * scope counts where it is the only one of its identifier.
   */
  connectorMeant(scope: Scope | undefined, identifier: string): Definition<ConnectorEntity> {
    return this.#meant(scope === undefined ? undefined : this.connector(scope, identifier), `connector ${identifier}`);
  }

  /** The same for a secret. */
  secretMeant(scope: Scope | undefined, identifier: string): Definition<SecretEntity> {
    return this.#meant(scope === undefined ? undefined : this.secret(scope, identifier), `secret ${identifier}`);
  }

  /** The known scopes in which such an entity is defined. */
  scopesOf(kind: Entity["kind"], identifier: string): readonly Scope[] {
    return this.#placed(`${kind} ${identifier}`).flatMap(({ scope }) => (scope.level === "unknown" ? [] : [scope]));
  }

  /** The first secret of that scope whose Name it is. */
  secretOfName(scope: Scope, name: string): SecretEntity | undefined {
    const group = this.#byScope.get(scopeKey(scope));
    if (group === undefined) return undefined;
    group.secretsByName ??= new Map([...group.secrets.values()].reverse().flatMap((secret) => (secret.name === undefined ? [] : [[secret.name, secret] as const])));
    return group.secretsByName.get(name);
  }

  /** The identifiers written most like `identifier`, best first, of what that scope holds, or may hold where a file does not say its scope. */
  nearest(kind: Entity["kind"], scope: Scope, identifier: string): readonly string[] {
    const group = this.#group(scopeKey(scope));
    const key = `${kind} ${identifier}`;
    let found = group.nearest.get(key);
    if (found === undefined) {
      const unplaced = this.unplaced().filter((entity) => entity.kind === kind).map((entity) => entity.identifier);
      found = nearestNames(identifier, new Set([...group[`${kind}s`].keys(), ...unplaced]), maxNearest);
      group.nearest.set(key, found);
    }
    return found;
  }

  connectorsIn(scope: Scope): readonly ConnectorEntity[] {
    return [...(this.#byScope.get(scopeKey(scope))?.connectors.values() ?? [])];
  }

  /** The entities whose files do not say in which scope they live. */
  unplaced(): readonly Entity[] {
    return [...this.#unplaced.values()].flat();
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

  #meant<T extends Entity>(known: T | undefined, key: string): Definition<T> {
    if (known !== undefined) return { entity: known };
    const unplaced = (this.#unplaced.get(key) ?? []) as readonly Entity[] as readonly T[];
    const [only] = unplaced;
    if (only === undefined) return {};
    const placed = this.#placed(key) as readonly T[];
    return unplaced.length === 1 && placed.length === 0 ? { entity: only } : { several: [...placed, ...unplaced] };
  }

  /** The definitions of known scope, one for each scope. */
  #placed(key: string): readonly Entity[] {
    this.#placedByIdentifier ??= this.#groupPlaced();
    return this.#placedByIdentifier.get(key) ?? [];
  }

  #groupPlaced(): ReadonlyMap<string, readonly Entity[]> {
    const groups = new Map<string, Entity[]>();
    for (const { connectors, secrets } of this.#byScope.values()) {
      for (const entity of [...connectors.values(), ...secrets.values()]) {
        const group = groups.get(definitionKey(entity));
        if (group === undefined) groups.set(definitionKey(entity), [entity]);
        else group.push(entity);
      }
    }
    return groups;
  }

  #groupByVault(): ReadonlyMap<string, readonly ConnectorEntity[]> {
    const known = [...this.#byScope.values()].flatMap(({ connectors }) => [...connectors.values()]);
    // Several of unknown scope may be one connector: one stands for all of an identifier.
    const unplaced = new Map<string, ConnectorEntity>();
    for (const entity of this.unplaced()) {
      if (entity.kind === "connector" && entity.vault !== undefined) unplaced.set(`${entity.identifier} ${vaultKey(entity.vault)}`, entity);
    }
    return grouped([...known, ...unplaced.values()], ({ vault }) => (vault === undefined ? undefined : vaultKey(vault)));
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

function definitionKey({ kind, identifier }: Entity): string {
  return `${kind} ${identifier}`;
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

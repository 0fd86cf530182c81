/** An application with a client secret, as a connector uses one. */
export interface AppOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenant: string;
  readonly objectId: string;
  /** Entra then answers AADSTS7000222. */
  readonly secretExpired?: boolean;
  /** Take any client_assertion in place of the secret; its signature is not checked. */
  readonly acceptsAssertions?: boolean;
}

/** A person who is signed in somewhere else, for example in the Azure CLI. */
export interface UserOptions {
  readonly objectId: string;
  readonly tenants: readonly [string, ...string[]];
}

export interface Principal {
  readonly objectId: string;
  readonly clientId: string;
  /** The first one is home. */
  readonly tenants: readonly [string, ...string[]];
  readonly app: AppOptions | undefined;
}

/** Everyone whom the local Entra knows. */
export interface Directory {
  readonly principals: Map<string, Principal>;
  /** Tenants that exist. */
  readonly tenants: Set<string>;
}

/** The Azure CLI's own application, on whose behalf it asks for tokens. */
const azureCliClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

export function createDirectory(): Directory {
  return { principals: new Map(), tenants: new Set() };
}

export function addApp(directory: Directory, app: AppOptions): void {
  directory.tenants.add(app.tenant);
  directory.principals.set(app.objectId, { objectId: app.objectId, clientId: app.clientId, tenants: [app.tenant], app });
}

export function addUser(directory: Directory, user: UserOptions): void {
  user.tenants.forEach((tenant) => directory.tenants.add(tenant));
  directory.principals.set(user.objectId, { objectId: user.objectId, clientId: azureCliClientId, tenants: user.tenants, app: undefined });
}

/** By object id, or by the client id of an application. Throws where there is none: a test named it wrongly. */
export function principalOf(directory: Directory, id: string): Principal {
  const found = directory.principals.get(id) ?? [...directory.principals.values()].find((one) => one.app?.clientId === id);
  if (found === undefined) {
    throw new Error(`The local Azure knows no principal ${id}. Call registerApp or registerUser first.`);
  }
  return found;
}

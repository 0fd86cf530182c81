import type { CredentialChoice } from "../../../server/src/vault/credentialChoice.ts";

/** The part of VS Code's `SecretStorage` that is needed. In a server without a keyring it is memory alone. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

type ClientSecretChoice = Extract<CredentialChoice, { kind: "client-secret" }>;

/** The client secrets that a person has entered. What the store has lost, or cannot read, is asked for again. */
export interface ClientSecrets {
  get(choice: ClientSecretChoice): Promise<string | undefined>;
  /** False where the store refuses. */
  put(choice: ClientSecretChoice, secret: string): Promise<boolean>;
  /** False where the store refuses, so that the secret may still be there. */
  forget(choice: ClientSecretChoice): Promise<boolean>;
}

export function createClientSecrets(store: SecretStore): ClientSecrets {
  return {
    get: async (choice) => {
      try {
        return await store.get(keyOf(choice));
      } catch {
        return undefined;
      }
    },
    put: async (choice, secret) => {
      try {
        await store.store(keyOf(choice), secret);
        return true;
      } catch {
        return false;
      }
    },
    forget: async (choice) => {
      try {
        await store.delete(keyOf(choice));
        return true;
      } catch {
        return false;
      }
    },
  };
}

function keyOf({ tenant, clientId }: ClientSecretChoice): string {
  return `clientSecret/${tenant.toLowerCase()}/${clientId.toLowerCase()}`;
}

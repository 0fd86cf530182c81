/**
 * Who sends the request: "owner" may do everything in the vault and reads the subscription, "guest" has only what the
 * case gives it. The others send no token, or one that must not be taken.
 */
export type Caller = "owner" | "guest" | "nobody" | "garbage" | "forged" | "expired" | "otherTenant" | "otherAudience";

/** A request as it goes over the wire. Words in braces, such as {version}, stand for what the scene remembers. */
export interface RequestRow {
  /** Method and path with its query, such as "GET /secrets/key". The api version is added unless `apiVersion` says otherwise. */
  readonly line: string;
  /** The vault where absent. */
  readonly to?: "vault" | "resourceManager" | "entra";
  /** The owner where absent; for Entra nobody. */
  readonly as?: Caller;
  /** Sent as JSON, or as it is where it is a string. */
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** Undefined: the subject's usual one. Null: none at all. */
  readonly apiVersion?: string | null;
  /** Follows nextLink to the end; the answer's JSON is then `{pages, ids}`: how many entries each page had, and their ids. */
  readonly allPages?: boolean;
}

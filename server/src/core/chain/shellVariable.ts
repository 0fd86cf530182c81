import { newFinding } from "../model/newFinding.ts";
import type { Part, Reference } from "../model/reference.ts";
import { shownText } from "../model/shownText.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { RuleId } from "../rules.ts";
import type { Chain } from "./chain.ts";
import { severityOf } from "./severityOf.ts";

/**
 * A legal text in a script that reads as if the shell should fill it in. Where nobody knows what is written, that is told in
 * place of its absence.
 */
export function withShellVariable(snapshot: Snapshot, reference: Reference, variable: Part, chain: Chain): Chain {
  if (reference.broken || severityOf(snapshot, "shell-variable-in-reference") === "off" || isKnown(snapshot, reference, variable, chain)) return chain;
  const message = `Harness resolves the expression before the shell starts and takes ${shownText(variable.text)} for a part of the text, although the script assigns it. Write the identifier, or a variable of Harness such as <+pipeline.variables.x>`;
  const finding = newFinding("shell-variable-in-reference", variable.span, message, { severity: "warning" });
  return { ...chain, findings: [...chain.findings.filter(({ rule, span }) => !absence.has(rule) || span.start > variable.span.start || span.end < variable.span.end), finding] };
}

const absence: ReadonlySet<RuleId> = new Set<RuleId>(["secret-not-found", "connector-not-found", "json-key-not-found"]);

/** Whether a source knows exactly what is written, be it in another scope. */
function isKnown({ workspace }: Snapshot, { identifier, uri }: Reference, { span }: Part, { secret, several, connector, resolved, findings }: Chain): boolean {
  if (uri === undefined) return secret !== undefined || several !== undefined || (identifier !== undefined && workspace.scopesOf("secret", identifier.text).length > 0);
  if (span.end <= uri.connector.span.end) return connector !== undefined || several !== undefined || workspace.scopesOf("connector", uri.connector.text).length > 0;
  return resolved !== undefined && findings.length === 0;
}

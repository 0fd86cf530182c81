/** What is wrong with the identifier and the Name that a Key Vault connector or a secret gives itself. */
import type { Finding } from "../model/finding.ts";
import type { EntityOutline, OutlineField } from "../model/entityOutline.ts";
import { fieldOf } from "../model/entityOutline.ts";
import { newFinding } from "../model/newFinding.ts";
import { shownText } from "../model/shownText.ts";
import { keyVaultType } from "./connectorFaults.ts";
import { isPlaceholder } from "./recognise.ts";
import { isConnectorIdentifier, isReservedWord, isSecretIdentifier } from "../model/identifiers.ts";

export function headFaults(outline: EntityOutline): readonly Finding[] {
  if (outline.kind === "connector" && outline.type !== keyVaultType) return [];
  const faults = [identifierFault(outline, fieldOf(outline.entity, "identifier")), nameFault(outline, fieldOf(outline.entity, "name"))];
  return faults.filter((fault) => fault !== undefined);
}

function identifierFault({ kind }: EntityOutline, field: OutlineField | undefined): Finding | undefined {
  const value = writtenValue(field);
  if (field === undefined || value === undefined) return undefined;
  const shown = shownText(value);
  const isValid = kind === "connector" ? isConnectorIdentifier(value) : isSecretIdentifier(value);
  if (!isValid) {
    const marks = kind === "connector" ? "_ and $" : "_, $ (in newer accounts also -)";
    return newFinding("invalid-identifier", field.valueSpan, `"${shown}" is no identifier of a ${kind}: 1 to 128 letters, digits, ${marks}, not starting with a digit, $ or -. Write another`);
  }
  if (isReservedWord(value)) return newFinding("invalid-identifier", field.valueSpan, `"${shown}" is a keyword of Harness and no ${kind} can have it as identifier. Write another`);
  if (value.startsWith("_harness_system")) return newFinding("invalid-identifier", field.valueSpan, "Harness keeps identifiers that begin with _harness_system for itself. Write another", { severity: "warning" });
  if (!value.includes("-")) return undefined;
  return newFinding("hyphen-identifier", field.valueSpan, `Older Harness accounts refuse the hyphen in "${shown}". Write _ instead, unless the secret exists already`);
}

/** Harness's rule for Names of connectors; those of secrets are told by the characters that its page forbids. */
const connectorName = /^[0-9A-Za-z_.-][0-9A-Za-z_.\- \t]{0,127}$/;
const forbiddenInSecretName = /[~!@#$%^&*'"?/<>,;]/;

function nameFault({ kind }: EntityOutline, field: OutlineField | undefined): Finding | undefined {
  const value = writtenValue(field);
  if (field === undefined || value === undefined || field.style === "block") return undefined;
  if (value.length > 128) return newFinding("invalid-name", field.valueSpan, `The Name has ${String(value.length)} characters, and Harness takes 128 at most. Shorten it`);
  if (kind === "connector") {
    if (connectorName.test(value)) return undefined;
    return newFinding("invalid-name", field.valueSpan, `Harness takes letters, digits, blanks, _, - and . in the Name of a connector, and "${shownText(value)}" has others. Change it`);
  }
  const character = forbiddenInSecretName.exec(value)?.[0];
  if (character === undefined) return undefined;
  return newFinding("invalid-name", field.valueSpan, `Harness takes no ${character} in the Name of a secret. Change it`);
}

function writtenValue(field: OutlineField | undefined): string | undefined {
  const value = field?.value;
  return value === undefined || value === "" || value === "null" || value === "~" || isPlaceholder(value) ? undefined : value;
}

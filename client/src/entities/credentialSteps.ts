/** The steps to an SSH or WinRM credential, in the order of Harness's own pages. */
import { nameProblem } from "../../../server/src/core/model/identifiers.ts";
import type { FileScope } from "../../../server/src/core/model/scope.ts";
import { draftScope } from "../connectors/wizard/connectorDraft.ts";
import { tagsProblem } from "../connectors/wizard/tagsProblem.ts";
import { always, chooseStep, enterStep } from "../ui/fieldSteps.ts";
import type { Step } from "../ui/multiStep.ts";
import type { CredentialDraft, CredentialKind } from "./credentialDraft.ts";
import { readParameters } from "./credentialDraft.ts";
import type { KnownSecrets } from "./harnessSecrets.ts";
import { secretChoices, secretIdentifierProblem, untoldChoices } from "./harnessSecrets.ts";
import { presetIdentifier } from "./referenceDraft.ts";
import { scopeSteps } from "./scopeSteps.ts";
import { askReference, referenceProblem } from "./secretReference.ts";

type CredentialStep = Step<CredentialDraft>;
type TextField = "name" | "description" | "tags" | "port" | "userName" | "keyPath" | "domain" | "principal" | "realm" | "parameters";
type Applies = (draft: CredentialDraft) => boolean;

export function credentialSteps(kind: CredentialKind, scopes: readonly FileScope[], known: KnownSecrets): readonly CredentialStep[] {
  return [
    ...scopeSteps<CredentialDraft>({ noun: "secret", scopes: [...scopes, ...known.rows.map(({ scope }) => scope)] }),
    enter("name", always, "Name, as Harness's pages show it", nameProblem),
    enterStep<"identifier", CredentialDraft>({
      field: "identifier",
      prompt: "Identifier. Harness derives it from the name; it cannot be changed later",
      preset: presetIdentifier,
      problem: (text, draft) => secretIdentifierProblem(text, draftScope(draft), known.rows),
    }),
    enter("description", always, "Description (optional)", () => undefined),
    enter("tags", always, "Tags (optional), as key:value, key", tagsProblem),
    ...(kind === "SSHKey" ? sshSteps(known) : winRmSteps(known)),
  ];
}

function sshSteps(known: KnownSecrets): readonly CredentialStep[] {
  const isSsh: Applies = ({ auth }) => auth === "SSH";
  const uses = (...types: readonly string[]): Applies => (draft) => isSsh(draft) && types.includes(draft.credentialType ?? "");
  return [
    chooseStep<"auth", CredentialDraft>({
      field: "auth",
      prompt: "Authentication: how the delegate signs in to the host",
      choices: () => [
        { label: "SSH", detail: "With a key or a password.", value: "SSH" },
        { label: "Kerberos", detail: "With a ticket of a key distribution center.", value: "Kerberos" },
      ],
    }),
    chooseStep<"credentialType", CredentialDraft>({
      field: "credentialType",
      applies: isSsh,
      prompt: "Credential: what proves who signs in",
      choices: () => [
        { label: "SSH key", description: "KeyReference", detail: "A private key that is a Harness secret.", value: "KeyReference" },
        { label: "SSH key file", description: "KeyPath", detail: "A private key in a file of the delegate's machine.", value: "KeyPath" },
        { label: "Password", description: "Password", detail: "A password that is a Harness secret.", value: "Password" },
      ],
    }),
    enter("userName", isSsh, "User name on the host", filled("user name")),
    secretStep(known, "key", uses("KeyReference"), "SSH key: the Harness secret with the private key", ["SecretFile", "SecretText"]),
    enterStep<"keyPath", CredentialDraft>({ field: "keyPath", applies: uses("KeyPath"), prompt: "Path of the private key on the delegate's machine", placeholder: "/home/harness/.ssh/id", problem: filled("path") }),
    secretStep(known, "password", uses("Password"), "Password: the Harness secret that holds it", ["SecretText"]),
    secretStep(known, "encryptedPassphrase", uses("KeyReference", "KeyPath"), "Passphrase of the key: the Harness secret that holds it", ["SecretText"], true),
    ...kerberosSteps(known),
    portStep("22"),
  ];
}

function winRmSteps(known: KnownSecrets): readonly CredentialStep[] {
  const isNtlm: Applies = ({ auth }) => auth === "NTLM";
  return [
    chooseStep<"auth", CredentialDraft>({
      field: "auth",
      prompt: "Authentication: how the delegate signs in to the host",
      choices: () => [
        { label: "NTLM", detail: "With the domain, a user name and a password.", value: "NTLM" },
        { label: "Kerberos", detail: "With a ticket of a key distribution center.", value: "Kerberos" },
      ],
    }),
    enter("domain", isNtlm, "Active Directory domain of the user", filled("domain")),
    enter("userName", isNtlm, "User name, without the domain", filled("user name")),
    secretStep(known, "password", isNtlm, "Password: the Harness secret that holds it", ["SecretText"]),
    ...kerberosSteps(known),
    flag("useSSL", "Use SSL: speak to the host over HTTPS?", "Yes. Port 5986 is for that.", "No. What is sent can be read on the way; port 5985 is for that.", true),
    flag("skipCertChecks", "Skip certificate checks?", "Yes. Whoever stands in between can pose as the host.", "No. The host's certificate must be trusted.", false),
    flag("useNoProfile", "Use no profile: run PowerShell without the user's profile?", "Yes. Harness's own default.", "No. The profile runs first.", true),
    portStep("5986"),
    enter("parameters", always, "Parameters of PowerShell's session (optional), as name=value, name=value", parametersProblem),
  ];
}

function kerberosSteps(known: KnownSecrets): readonly CredentialStep[] {
  const isKerberos: Applies = ({ auth }) => auth === "Kerberos";
  return [
    enter("principal", isKerberos, "Principal, as user or user/host", filled("principal")),
    enter("realm", isKerberos, "Realm, as EXAMPLE.COM", filled("realm")),
    chooseStep<"tgt", CredentialDraft>({
      field: "tgt",
      applies: isKerberos,
      prompt: "Where does the ticket-granting ticket come from?",
      choices: () => [
        { label: "Key tab file", description: "KeyTabFilePath", detail: "A file of the delegate's machine.", value: "KeyTabFilePath" },
        { label: "Password", description: "Password", detail: "A password that is a Harness secret.", value: "Password" },
        { label: "The delegate has one", detail: "Nothing is written.", value: "none" },
      ],
    }),
    // One id for each step, as an answer begins anew where another step asks for the same field.
    { ...enterStep<"keyPath", CredentialDraft>({ field: "keyPath", applies: (draft) => isKerberos(draft) && draft.tgt === "KeyTabFilePath", prompt: "Path of the key tab file on the delegate's machine", placeholder: "/etc/krb5.keytab", problem: filled("path") }), id: "keyTab" },
    { ...secretStep(known, "password", (draft) => isKerberos(draft) && draft.tgt === "Password", "Password: the Harness secret that holds it", ["SecretText"]), id: "kerberosPassword" },
  ];
}

function enter(field: TextField, applies: Applies, prompt: string, problem: (text: string) => string | undefined): CredentialStep {
  return enterStep<TextField, CredentialDraft>({ field, applies, prompt, problem });
}

function portStep(preset: string): CredentialStep {
  return enterStep<"port", CredentialDraft>({
    field: "port",
    prompt: "Port of the host",
    preset: () => preset,
    problem: (text) => (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535 ? undefined : "A port is a number from 1 to 65535."),
  });
}

/** The first choice is what Harness's form has. */
function flag(field: "useSSL" | "skipCertChecks" | "useNoProfile", prompt: string, yes: string, no: string, preset: boolean): CredentialStep {
  const choices = [{ label: "Yes", detail: yes, value: true }, { label: "No", detail: no, value: false }];
  return chooseStep<typeof field, CredentialDraft>({ field, prompt, choices: () => (preset ? choices : choices.reverse()) });
}

/** A Harness secret that the new one may refer to: of its own scope or above. */
function secretStep(known: KnownSecrets, field: "key" | "password" | "encryptedPassphrase", applies: Applies, prompt: string, types: readonly string[], isOptional = false): CredentialStep {
  return {
    id: field,
    applies,
    ask: async (draft, head, prompts) => {
      const scope = draftScope(draft);
      const answer = await askReference({
        head,
        prompts,
        prompt,
        current: draft[field],
        known: scope === undefined ? [] : secretChoices(known.rows, scope, types),
        untold: scope === undefined ? [] : untoldChoices(known, scope, types),
        others: isOptional ? [{ label: "None", detail: "The key has no passphrase.", value: "" }] : [],
        problem: (text) => referenceProblem(text, draft.level, fieldWords[field], "secret"),
      });
      return answer.kind === "next" ? { kind: "next", value: { [field]: answer.value } } : answer;
    },
  };
}

const fieldWords = { key: "The key", password: "The password", encryptedPassphrase: "The passphrase" } as const;

function filled(what: string): (text: string) => string | undefined {
  return (text) => (text === "" ? `Enter a ${what}.` : undefined);
}

function parametersProblem(text: string): string | undefined {
  return readParameters(text).every(({ parameter, value }) => parameter !== "" && value !== "") ? undefined : "Write each as name=value.";
}

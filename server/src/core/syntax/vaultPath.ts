import type { Finding } from "../model/finding.ts";
import { newFinding, replaceFix } from "../model/newFinding.ts";
import type { VaultPath } from "../model/reference.ts";
import { shownText } from "../model/shownText.ts";
import type { Span } from "../model/span.ts";
import { isSecretName, isSecretVersion } from "../model/vaultTarget.ts";

/**
 * Reads `name[#key][/version]`, a path inside an Azure Key Vault: split at the first slash, then at the first `#`
 * behind the name (Harness: AzureParsedSecretReference).
 */
export function readVaultPath(
  text: string,
  span: (start: number, end: number) => Span,
): { readonly path?: VaultPath; readonly findings: readonly Finding[]; readonly broken: boolean } {
  const findings: Finding[] = [];
  if (/^https?:\/\//i.test(text) || /^[0-9A-Za-z-]{1,127}\.vault\./i.test(text)) {
    const match = /\/secrets\/([0-9A-Za-z-]{1,127})(?:\/([0-9a-fA-F]{32}))?\/?$/.exec(text.slice(0, 400));
    const path = match?.[1] === undefined ? undefined : match[2] === undefined ? match[1] : `${match[1]}/${match[2]}`;
    findings.push(
      newFinding("akv-url", span(0, text.length), "Harness takes no Key Vault URL. Write the name of the secret, name#key or name/version", {
        fixes: path === undefined ? [] : [replaceFix(`Write "${path}"`, span(0, text.length), path)],
      }),
    );
    return { findings, broken: true };
  }
  const slash = text.indexOf("/");
  const leftEnd = slash < 0 ? text.length : slash;
  const hash = text.slice(0, leftEnd).indexOf("#");
  const nameEnd = hash > 0 ? hash : leftEnd;
  const part = (start: number, end: number): { readonly text: string; readonly span: Span } => ({ text: text.slice(start, end), span: span(start, end) });
  const name = part(0, nameEnd);
  const key = hash > 0 ? part(hash + 1, leftEnd) : undefined;
  const version = slash < 0 ? undefined : part(slash + 1, text.length);
  const path: VaultPath = { name, ...(key === undefined ? {} : { key }), ...(version === undefined ? {} : { version }) };

  if (name.text === "secrets" && version !== undefined && !isSecretVersion(version.text)) {
    findings.push(
      newFinding("akv-extra-segment", span(0, slash + 1), 'Harness reads "secrets" as the name of the secret. Remove the segment', {
        fixes: [replaceFix('Remove "secrets/"', span(0, slash + 1), "")],
      }),
    );
    return { path, findings, broken: true };
  }
  if (!isSecretName(name.text)) {
    findings.push(badName(name));
    return { path, findings, broken: true };
  }
  if (key?.text === "") {
    findings.push(newFinding("bad-uri", span(hash, leftEnd), "No JSON key follows the #. Write its name, or remove the #"));
    return { path, findings, broken: true };
  }
  if (version === undefined || isSecretVersion(version.text)) return { path, findings, broken: false };
  const versionHash = version.text.indexOf("#");
  if (versionHash >= 0) {
    const misplaced = version.text.slice(versionHash);
    const right = `${name.text}${misplaced}/${version.text.slice(0, versionHash)}`;
    findings.push(
      newFinding("akv-key-after-version", span(slash + 1 + versionHash, text.length), `Harness takes "${shownText(misplaced)}" for a part of the version. The key stands before the version: name#key/version`, {
        fixes: [replaceFix(`Write "${shownText(right)}"`, span(0, text.length), right)],
      }),
    );
    return { path, findings, broken: true };
  }
  const shown = version.text === "" ? "Nothing" : `"${shownText(version.text)}"`;
  findings.push(
    newFinding(
      "akv-version-format",
      version.text === "" ? span(slash, text.length) : version.span,
      `${shown} is no version: Key Vault's versions are 32 hexadecimal digits. Write one of them, or leave it out for the latest`,
    ),
  );
  return { path, findings, broken: true };
}

function badName(name: { readonly text: string; readonly span: Span }): Finding {
  const mended = name.text.replace(/[_ .]/g, "-");
  return newFinding("akv-secret-name", name.span, `No Key Vault secret can be named "${shownText(name.text)}": letters, digits and hyphens, at most 127`, {
    fixes: isSecretName(mended) ? [replaceFix(`Write "${mended}"`, name.span, mended)] : [],
  });
}

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateAuthority {
  /** The authority's own certificate, to be trusted by the process under test. */
  readonly caPem: string;
  /** A certificate for one host name; made once per name. */
  certificateFor(host: string): ServerCertificate;
}

interface Subject {
  readonly commonName: string;
  readonly publicKey: KeyObject;
}

const dayMs = 86_400_000;

/**
 * A certificate authority that lives as long as this process, as a TLS-inspecting proxy of a company has one.
 * Writes X.509 version 3 (RFC 5280) by hand because Node can sign but not build certificates. Keys are P-256, so that
 * making one takes about a millisecond.
 */
export function createCertificateAuthority(): CertificateAuthority {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer: Subject = { commonName: "Keyline local Azure test authority", publicKey: authority.publicKey };
  const caPem = certificate(issuer, issuer, authority.privateKey, [basicConstraintsCa, keyUsageCa]);
  const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const made = new Map<string, ServerCertificate>();
  return {
    caPem,
    certificateFor(host) {
      const known = made.get(host);
      if (known !== undefined) {
        return known;
      }
      const subject: Subject = { commonName: host.slice(0, 64), publicKey: leaf.publicKey };
      const fresh = { key, cert: certificate(subject, issuer, authority.privateKey, [extendedKeyUsageServer, alternativeName(host)]) };
      made.set(host, fresh);
      return fresh;
    },
  };
}

function certificate(subject: Subject, issuer: Subject, issuerKey: KeyObject, extensions: readonly Buffer[]): string {
  const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
  const serial = integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)]));
  const validity = sequence(utcTime(Date.now() - dayMs), utcTime(Date.now() + 365 * dayMs));
  const spki = subject.publicKey.export({ type: "spki", format: "der" });
  const all = [...extensions, subjectKeyIdentifier(subject.publicKey), authorityKeyIdentifier(issuer.publicKey)];
  const toBeSigned = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    serial,
    algorithm,
    name(issuer.commonName),
    validity,
    name(subject.commonName),
    spki,
    der(0xa3, sequence(...all)),
  );
  const signature = sign("sha256", toBeSigned, issuerKey);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) {
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  }
  const length = content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) {
    digits.unshift((rest & 0x7f) | 0x80);
  }
  return digits;
}

/** YYMMDDHHMMSSZ; good for dates before 2050. */
function utcTime(epochMs: number): Buffer {
  const text = new Date(epochMs).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(commonName)))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(id), der(0x01, Buffer.from([0xff])), der(0x04, value)) : sequence(oid(id), der(0x04, value));
}

const basicConstraintsCa = extension("2.5.29.19", true, sequence(der(0x01, Buffer.from([0xff]))));
const keyUsageCa = extension("2.5.29.15", true, der(0x03, Buffer.from([0x01, 0x06])));
const extendedKeyUsageServer = extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1")));

function alternativeName(host: string): Buffer {
  return extension("2.5.29.17", false, sequence(der(0x82, Buffer.from(host))));
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash("sha1").update(publicKey.export({ type: "spki", format: "der" })).digest();
}

function subjectKeyIdentifier(publicKey: KeyObject): Buffer {
  return extension("2.5.29.14", false, der(0x04, keyIdentifier(publicKey)));
}

function authorityKeyIdentifier(publicKey: KeyObject): Buffer {
  return extension("2.5.29.35", false, sequence(der(0x80, keyIdentifier(publicKey))));
}

import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createCertificateAuthority } from "./certificates.ts";

describe("the proxy's certificates", () => {
  const authority = createCertificateAuthority();
  const ca = new X509Certificate(authority.caPem);
  const leaf = new X509Certificate(authority.certificateFor("my-vault.vault.azure.net").cert);

  test("are signed by an authority that may sign, and is none itself", () => {
    expect([ca.ca, ca.verify(ca.publicKey)]).toEqual([true, true]);
    expect([leaf.ca, leaf.verify(ca.publicKey), leaf.checkIssued(ca)]).toEqual([false, true, true]);
  });

  test("are good for one host, now", () => {
    expect(leaf.checkHost("my-vault.vault.azure.net")).toBe("my-vault.vault.azure.net");
    expect(leaf.checkHost("other-vault.vault.azure.net")).toBeUndefined();
    expect(Date.parse(leaf.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(leaf.validTo)).toBeGreaterThan(Date.now());
  });

  test("are made once per host", () => {
    expect(authority.certificateFor("a.example")).toBe(authority.certificateFor("a.example"));
    expect(authority.certificateFor("a.example")).not.toBe(authority.certificateFor("b.example"));
  });
});

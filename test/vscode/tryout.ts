import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LocalAzure } from "../azure/localAzure.ts";
import { demo } from "../azure/seed.ts";
import vectors from "../vectors/hover-injection.json" with { type: "json" };

/** A pipeline beside the demo's own, for tests that write into it. Its connector is the demo's. */
export const tryoutPath = ".harness/orgs/default/projects/shop/pipelines/tryout.yaml";

const tryoutText = `pipeline:
  name: Try out
  identifier: try_out
  orgIdentifier: default
  projectIdentifier: shop
  variables:
    - name: right
      type: String
      value: <+secrets.getValue("account.azurevault://shop_dev_kv/db-password")>
    - name: wrong
      type: String
      value: <+secrets.getValue("account.azurevault://shop_dev_kv/db-pasword")>
    - name: method
      type: String
      value: <+secrets.getvalue("db")>
    - name: key
      type: String
      value: <+secrets.getValue("account.azurevault://shop_dev_kv/payment-config#passwort")>
    - name: hostile
      type: String
      value: <+secrets.getValue("account.azurevault://shop_dev_kv/hostile-tags")>
    - name: new
      type: String
      `;

/** A secret whose tags and content type try to become links, images and commands where they are shown. */
export function seedHostileTags(azure: LocalAzure): void {
  const [contentType = "", ...texts] = vectors.strings;
  // Key Vault takes 15 tags; each text stands once as a name and once as a value.
  azure.setSecret(demo.devVault, "hostile-tags", { value: "demo value", contentType, tags: Object.fromEntries(texts.slice(0, 15).map((text, index) => [text, vectors.strings[index] ?? ""])) });
}

/** Writes the pipeline into a copy of the demo. */
export async function writeTryout(folder: string): Promise<void> {
  const file = path.join(folder, tryoutPath);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, tryoutText);
}

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

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
    - name: new
      type: String
      `;

/** Writes the pipeline into a copy of the demo. */
export async function writeTryout(folder: string): Promise<void> {
  const file = path.join(folder, tryoutPath);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, tryoutText);
}

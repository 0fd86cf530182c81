import type { Scene } from "./scene.ts";

/** A value that no answer but those of get and set may hold. */
export const hiddenValue = "hidden words of the suite";

/** Sets a secret and remembers its version, as {version} or under the name given. */
export async function setSecret(scene: Scene, name = "key", change: Readonly<Record<string, unknown>> = {}, word = "version"): Promise<void> {
  const answer = await scene.must({ line: `PUT /secrets/${name}`, body: { value: hiddenValue, ...change } });
  const { id } = answer.json as { readonly id: string };
  scene.words.set(word, id.slice(id.lastIndexOf("/") + 1));
}

/** Sets name-00 and so on, in this order. */
export async function setSecrets(scene: Scene, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await setSecret(scene, `name-${String(index).padStart(2, "0")}`);
  }
}

/** Sets a secret and deletes it. */
export async function deletedSecret(scene: Scene, name = "key"): Promise<void> {
  await setSecret(scene, name);
  await scene.must({ line: `DELETE /secrets/${name}` });
}

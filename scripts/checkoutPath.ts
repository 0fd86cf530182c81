import path from "node:path";

/** The checkout's root folder. */
export const checkoutPath = path.resolve(import.meta.dirname, "..");

/** Where the scripts keep what they install: a VS Code server, a browser. Not in git, and safe to delete. */
export const cachePath = path.join(checkoutPath, ".vscode-test");

/** Where tests leave what a person looks at: screenshots, logs. Not in git. */
export const artifactsPath = path.join(checkoutPath, "artifacts");

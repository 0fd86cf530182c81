// Writes dist/extension.js, dist/server.js and dist/cli.js, and checks that the core bundles for no platform at all.
import { build } from "esbuild";
import { chmod, rm } from "node:fs/promises";

const shared = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  minify: true,
  keepNames: false,
  legalComments: "none",
  // esbuild's default takes jsonc-parser's UMD build, which bundles cleanly and dies at start.
  mainFields: ["module", "main"],
  logLevel: "warning",
};
await rm("dist", { recursive: true, force: true });
await Promise.all([
  build({ ...shared, entryPoints: ["client/src/extension.ts"], outfile: "dist/extension.js", external: ["vscode"] }),
  build({ ...shared, entryPoints: ["server/src/main.ts"], outfile: "dist/server.js" }),
  build({ ...shared, entryPoints: ["server/src/cli.ts"], outfile: "dist/cli.js", banner: { js: "#!/usr/bin/env node" } }),
  build({ ...shared, platform: "neutral", format: "esm", entryPoints: ["server/src/core/index.ts"], write: false }),
]);
await chmod("dist/cli.js", 0o755);

// Writes dist/extension.js, dist/server.js and dist/cli.js, and three chunks: dist/session.js, which the server loads once
// it has been initialized, dist/azure.js, which server and command line load when a vault is first asked, and
// dist/adapter.js, which the extension loads then. Checks
// that the core bundles for no platform at all. `node esbuild.mjs DIR` writes elsewhere.
import { build } from "esbuild";
import { chmod, rm } from "node:fs/promises";
import path from "node:path";

const outdir = process.argv[2] ?? "dist";
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
// Half a megabyte that is only read would cost a start 15 ms.
const apart = {
  name: "apart",
  setup(bundle) {
    bundle.onResolve({ filter: /\/vault\/azure\/openAzureVaultApi\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./azure.js", external: true } : undefined,
    );
    bundle.onResolve({ filter: /\/azureAdapter\.ts$/ }, ({ kind }) => (kind === "dynamic-import" ? { path: "./adapter.js", external: true } : undefined));
    bundle.onResolve({ filter: /\/lsp\/running\.ts$/ }, ({ kind }) => (kind === "require-call" ? { path: "./session.js", external: true } : undefined));
  },
};
const to = (name) => path.join(outdir, name);
await rm(outdir, { recursive: true, force: true });
await Promise.all([
  build({ ...shared, entryPoints: ["client/src/extension.ts"], outfile: to("extension.js"), external: ["vscode"], plugins: [apart] }),
  build({ ...shared, entryPoints: ["client/src/azure/azureAdapter.ts"], outfile: to("adapter.js") }),
  build({ ...shared, entryPoints: ["server/src/main.ts"], outfile: to("server.js"), plugins: [apart] }),
  build({ ...shared, entryPoints: ["server/src/lsp/running.ts"], outfile: to("session.js") }),
  build({ ...shared, entryPoints: ["server/src/cli.ts"], outfile: to("cli.js"), plugins: [apart], banner: { js: "#!/usr/bin/env node" } }),
  build({ ...shared, entryPoints: ["server/src/vault/azure/openAzureVaultApi.ts"], outfile: to("azure.js") }),
  build({ ...shared, platform: "neutral", format: "esm", entryPoints: ["server/src/core/index.ts"], write: false }),
]);
await chmod(to("cli.js"), 0o755);

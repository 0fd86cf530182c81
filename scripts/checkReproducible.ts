import { buildBundles } from "./buildBundles.ts";

/** Two builds of one source must be equal, byte for byte, so that anybody can check what was published. */
const first = await buildBundles();
const second = await buildBundles();
if (first === second) {
  console.log(`Two builds are equal: ${first}`);
} else {
  console.log(`Two builds of the same source differ: ${first} and ${second}. Find what puts a time, a path or an order into a bundle.`);
  process.exitCode = 1;
}

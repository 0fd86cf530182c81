/** Texts of keyline.jsonc made to hurt its reader. */
export function configBombs(): readonly { readonly name: string; readonly text: string }[] {
  return [
    { name: "100,000 open brackets", text: "[".repeat(100_000) },
    { name: "100,000 open objects", text: '{"connectors":'.repeat(100_000) },
    { name: "10,000 unknown keys", text: `{${Array.from({ length: 10_000 }, (_, index) => `"k${String(index)}": 1`).join(",")}}` },
    { name: "10,000 secrets that lack everything", text: `{"secrets":[${"{},".repeat(10_000)}]}` },
    { name: "10,000 secrets", text: `{"secrets":[${Array.from({ length: 10_000 }, (_, index) => `{"identifier":"s${String(index)}","scope":"account"}`).join(",")}]}` },
    { name: "50,000 scopes that are none", text: `{"complete":[${'"projct",'.repeat(50_000)}]}` },
    { name: "5,000 globs", text: `{"exclude":[${Array.from({ length: 5_000 }, () => '"**/*{a,b}*/**"').join(",")}]}` },
    { name: "a glob with many alternatives", text: `{"exclude":["${"{a,b}".repeat(200)}"]}` },
    { name: "a glob of stars", text: `{"exclude":["${"*a".repeat(2000)}"],"include":["${"**/".repeat(2000)}"]}` },
    { name: "a key of 1 MB", text: `{"${"organisation".repeat(90_000)}": 1}` },
    { name: "1 MB of no JSON", text: "}],: ".repeat(200_000) },
    { name: "1 MB of quotes", text: '"'.repeat(1_000_000) },
    { name: "comments without an end", text: "/*".repeat(300_000) },
  ];
}

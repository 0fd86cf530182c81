import tseslint from "typescript-eslint";

const noValueReads = ["getSecret", "setSecret", "backupSecret", "getDeletedSecret"].map((name) => ({
  selector: `MemberExpression[property.name='${name}']`,
  message: `${name} carries a secret's value. Call VaultApi instead: only server/src/vault/azure may touch a value.`,
}));
const noTrustedMarkdown = [
  {
    selector: "AssignmentExpression[left.property.name='isTrusted'][right.value=true]",
    message: "Markdown that holds foreign text must never be trusted. Use enabledCommands on text of our own.",
  },
  {
    selector: "AssignmentExpression[left.property.name='supportHtml'][right.value=true]",
    message: "HTML in hovers lets foreign text run. Leave supportHtml off.",
  },
  {
    selector: "Property[key.name='supportHtml'][value.value=true]",
    message: "HTML in hovers lets foreign text run. Leave supportHtml off.",
  },
  {
    selector: "Property[key.name=/^(isTrusted|disableInstanceDiscovery|allowInsecureConnection|disableChallengeResourceVerification)$/][value.value=true]",
    message: "This switch removes a protection that Keyline promises.",
  },
];
const noDefaultExport = [
  { selector: "ExportDefaultDeclaration", message: "Use a named export, so that one thing has one name." },
];
const noTangledRegex = [
  {
    selector: "Literal[regex.pattern=/\\[\\^\\]\\*\\?|\\(\\.\\*\\?\\)|\\(\\?:[^)]*[*+]\\)[*+]/]",
    message: "This pattern can take quadratic time or worse. Scan by hand, or bound the class.",
  },
];

export default tseslint.config(
  {
    ignores: ["dist/", "out/", "node_modules/", ".vscode-test/", "artifacts/", "**/*.mjs", "**/*.cjs", "test/architecture/planted/"],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-control-regex": "off",
    },
  },
  {
    files: ["server/**/*.ts", "client/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": ["error", ...noValueReads, ...noTrustedMarkdown, ...noDefaultExport, ...noTangledRegex],
    },
  },
  {
    files: ["server/src/vault/azure/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...noTrustedMarkdown, ...noDefaultExport, ...noTangledRegex] },
  },
  {
    files: ["test/**/*.ts", "scripts/**/*.ts", "bench/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
);

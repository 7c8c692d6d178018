// The rules for the JavaScript of this repository: pages that run in browsers, tests that run in Node.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/node_modules/", "**/bin/", "**/obj/", "artifacts/"] },
  js.configs.recommended,
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: { ecmaVersion: "latest", sourceType: "module", globals: globals.browser },
  },
  // Tests hand functions to the browser, too.
  { files: ["tests/**/*.mjs", "tests/lint/*.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];

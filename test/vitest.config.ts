import { defineConfig } from "vitest/config";

// The `source` condition of package.json "imports" leads `#net/…` to src instead of dist.
const conditions = ["source", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    root: ".",
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // In CI also as JSON, from which .ci/run counts.
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: "test-report.json" }]]
      : ["default"],
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  // The `source` condition of package.json "imports" leads `#net/…` to src instead of dist.
  resolve: { conditions: ["source", "node"] },
  ssr: { resolve: { conditions: ["source", "node"] } },
  test: {
    root: ".",
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
  },
});

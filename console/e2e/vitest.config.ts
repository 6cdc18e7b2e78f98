import { defineConfig } from "vitest/config";

// One story in one browser: each test goes on where the one before left off.
export default defineConfig({
  test: { include: ["e2e/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 120_000, bail: 1, fileParallelism: false },
});

import { defineConfig } from "vitest/config";

// The function that serves the page reads its files from the code layer: layers/core/reprise/http/console.py.
export default defineConfig({
  base: "/console/",
  build: {
    outDir: "../layers/core/reprise/http/page",
    emptyOutDir: true,
    assetsDir: "",
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  server: { fs: { allow: [".."] } },
  test: { include: ["src/**/*.test.ts"], environment: "happy-dom" },
});

import { defineConfig } from "vite";
import { phoneShell } from "./phone/shell.ts";

// One project, a page for each of the people it serves. What is built is served by the API's own process, under
// names that carry their contents' hash; nothing is inlined, for the pages' policy allows nothing inline.
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [phoneShell()],
  build: {
    outDir: "built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre is one file of its makers, and larger than the size at which Vite begins to warn.
    chunkSizeWarningLimit: 1_500,
    rollupOptions: {
      input: { wall: "wall/index.html", desk: "desk/index.html", phone: "phone/index.html" },
    },
  },
  test: { environment: "happy-dom", include: ["**/*.test.{ts,tsx}"] },
});

import { defineConfig, type InlineConfig } from "vite";
import { phone } from "./phone/shell.ts";

// What is built is served by the API's own process, under names that carry their contents' hash; nothing is inlined,
// for the pages' policy allows nothing inline.
const shared: InlineConfig = {
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
};

// One project, a page for each of the people it serves; the phone's is built apart.
export default defineConfig({
  ...shared,
  plugins: [phone(shared)],
  build: {
    ...shared.build,
    outDir: "built",
    emptyOutDir: true,
    manifest: "manifest.json",
    // MapLibre is one file of its makers, and larger than the size at which Vite begins to warn.
    chunkSizeWarningLimit: 1_500,
    rollupOptions: {
      input: { wall: "wall/index.html", desk: "desk/index.html" },
    },
  },
  test: { environment: "happy-dom", include: ["**/*.test.{ts,tsx}"] },
});

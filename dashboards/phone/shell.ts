/** For Vite: the service worker, built after the pages, because it carries the names of what the phone's page is made of. */
import { build, type Plugin } from "vite";

const PAGE = "phone/index.html";
const COPIED = ["manifest.webmanifest", "icon-192.png", "icon-512.png"];
const NAMED = /(?:src|href)="(\/assets\/[^"]+)"/g;

export function phoneShell(): Plugin {
  return {
    name: "pantau-phone-shell",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const page = bundle[PAGE];
        if (page?.type !== "asset") throw new Error(`${PAGE} is not built yet`);
        this.emitFile({ type: "asset", fileName: "phone/sw.js", source: await worker(String(page.source)) });
        for (const name of COPIED) {
          const source = await this.fs.readFile(`${import.meta.dirname}/${name}`);
          this.emitFile({ type: "asset", fileName: `phone/${name}`, source });
        }
      },
    },
  };
}

/** One file without imports: Firefox knows no modules here. Its bytes change whenever the page or its files do. */
async function worker(page: string): Promise<string> {
  const shell = ["/phone", ...[...page.matchAll(NAMED)].map(([, path]) => path)];
  const built = await build({
    configFile: false,
    logLevel: "warn",
    define: { SHELL: JSON.stringify(shell), BUILD: JSON.stringify(await digest(page)) },
    build: {
      write: false,
      target: "es2022",
      rollupOptions: { input: `${import.meta.dirname}/sw.ts`, output: { format: "iife" } },
    },
  });
  const [output] = "output" in built ? built.output : [];
  if (output?.type !== "chunk") throw new Error("the service worker was not built");
  return output.code;
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes).slice(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * For Vite: the phone's page apart from the others, so that it is one script and one style that change only when it
 * does; and then its service worker, which carries their names.
 */
import { build, type InlineConfig, type Plugin, type Rolldown } from "vite";

const HERE = import.meta.dirname;
const PAGE = "phone/index.html";
const COPIED = ["manifest.webmanifest", "icon-192.png", "icon-512.png"];
const NAMED = /(?:src|href)="(\/assets\/[^"]+)"/g;

type File = Rolldown.OutputChunk | Rolldown.OutputAsset;

/** `shared`: how all pages are built. */
export function phone(shared: InlineConfig): Plugin {
  return {
    name: "pantau-phone",
    apply: "build",
    async generateBundle() {
      const files = await built(shared, { input: { phone: `${HERE}/index.html` } });
      for (const file of files) this.emitFile({ type: "asset", fileName: file.fileName, source: contents(file) });
      const page = files.find(({ fileName }) => fileName === PAGE);
      if (!page) throw new Error(`${PAGE} was not built`);
      this.emitFile({ type: "asset", fileName: "phone/sw.js", source: await worker(shared, String(contents(page))) });
      for (const name of COPIED) {
        const source = await this.fs.readFile(`${HERE}/${name}`);
        this.emitFile({ type: "asset", fileName: `phone/${name}`, source });
      }
    },
  };
}

/** One file without imports: Firefox knows no modules here. Its bytes change whenever the page or its files do. */
async function worker(shared: InlineConfig, page: string): Promise<string | Uint8Array> {
  const shell = ["/phone", ...[...page.matchAll(NAMED)].map(([, path]) => path)];
  const define = { SHELL: JSON.stringify(shell), BUILD: JSON.stringify(await digest(page)) };
  const [file] = await built({ ...shared, define }, { input: `${HERE}/sw.ts`, output: { format: "iife" } });
  if (!file) throw new Error("the service worker was not built");
  return contents(file);
}

async function built(shared: InlineConfig, rollupOptions: Rolldown.RolldownOptions): Promise<File[]> {
  const options = { ...shared.build, write: false, rollupOptions };
  const result = await build({ ...shared, configFile: false, logLevel: "warn", build: options });
  if (!("output" in result)) throw new Error("not one result");
  return result.output;
}

const contents = (file: File): string | Uint8Array => (file.type === "chunk" ? file.code : file.source);

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes).slice(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

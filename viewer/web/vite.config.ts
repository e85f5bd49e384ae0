/** Builds the four entry points of the viewer into viewer/static/built, by their own names: the pages refer to `/static/built/<entry>.js`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = fileURLToPath(new URL("./src/", import.meta.url));
const entries = ["page", "panorama", "photo", "space"].filter((name) => existsSync(`${source}${name}.ts`));

export default defineConfig({
  root: source,
  base: "./",
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL("../static/built/", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: Object.fromEntries(entries.map((name) => [name, `${source}${name}.ts`])),
      output: { entryFileNames: "[name].js", chunkFileNames: "shared-[name]-[hash].js", assetFileNames: "[name][extname]" },
    },
  },
});

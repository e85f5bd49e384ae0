/** Builds the entry points and the stylesheet of the viewer into viewer/static/built, by their own names: `/static/built/<entry>.js`, `style.css`. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL("./", import.meta.url));
const entries = ["page", "panorama", "vr", "photo", "space", "record", "guide", "compare", "offline", "service-worker", "frozen-search"]
  .map((name) => [name, `${root}src/${name}.ts`] as const)
  .filter(([, path]) => existsSync(path));

export default defineConfig({
  root,
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
      input: { ...Object.fromEntries(entries), style: `${root}styles/style.css`, object: `${root}styles/objects.css`, book: `${root}styles/print.css` },
      output: { entryFileNames: "[name].js", chunkFileNames: "shared-[name]-[hash].js", assetFileNames: "[name][extname]" },
    },
  },
});

// Builds config/web/static/dist/ from this folder: `npm run build`. Nothing else in the project needs node.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../../..");
const dist = path.resolve(here, "../static/dist");
const watch = process.argv.includes("--watch");

const shared = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  absWorkingDir: root,
  outdir: dist,
  entryNames: "[name]",
  // The browser floor of docs/front-end.md. Patient pages are plain CSS and need no such floor.
  target: ["chrome131", "edge131", "firefox133", "safari18"],
  legalComments: "linked",
  logLevel: "warning",
};

const scripts = {
  ...shared,
  entryPoints: ["desk", "board", "visit", "print"].map((name) => path.join(here, "js", `${name}.js`)),
  format: "esm",
};

const theme = { ...shared, entryPoints: [path.join(here, "js", "theme.js")], format: "iife" };

const styles = {
  ...shared,
  entryPoints: ["desk", "board", "visit"].map((name) => path.join(here, "css", `${name}.css`)),
  loader: { ".woff2": "file", ".svg": "dataurl" },
  assetNames: "[name]",
};

// Old phones get this one as it is written: no newer syntax is let in by the minifier.
const patient = { ...shared, entryPoints: [path.join(here, "css", "patient.css")], target: ["chrome60", "safari11"] };

function symbol(name, svg) {
  const inner = svg
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

async function sprite() {
  const lines = (await readFile(path.join(here, "icons.txt"), "utf8")).split("\n");
  const names = lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const folder = path.join(root, "node_modules/@tabler/icons/icons/outline");
  const symbols = await Promise.all(
    names.map(async (name) => symbol(name, await readFile(path.join(folder, `${name}.svg`), "utf8"))),
  );
  await writeFile(
    path.join(dist, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
  );
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await sprite();
await writeFile(path.join(dist, "mark.svg"), await readFile(path.join(here, "mark.svg")));

const jobs = [scripts, theme, styles, patient];
if (watch) {
  const contexts = await Promise.all(jobs.map((job) => esbuild.context(job)));
  await Promise.all(contexts.map((context) => context.watch()));
  console.log(`watching; output in ${path.relative(root, dist)}`);
} else {
  await Promise.all(jobs.map((job) => esbuild.build(job)));
}

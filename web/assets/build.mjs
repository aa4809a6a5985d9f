// Bundles the front end into web/static/dist with hashed names, and writes a manifest that names
// every file and every package that went in (version, licence, sha256 of the package's main file).
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: ["app", "desk", "phone", "supervisor"].flatMap((name) => [`src/${name}.js`, `src/${name}.css`]).concat("src/pacing.js", "src/lists.js"),
  outdir: out,
  outbase: "src",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome115", "firefox115", "safari16"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  metafile: true,
  logLevel: "warning",
});

const files = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) files[output.entryPoint.replace("src/", "")] = path.split("/").pop();
}
for (const name of ["icons.svg", "favicon.svg"]) {
  const body = readFileSync(join(here, "src", name));
  files[name] = name.replace(".svg", `-${sha256(body).slice(0, 8)}.svg`);
  writeFileSync(join(out, files[name]), body);
}

const used = new Set(Object.keys(result.metafile.inputs)
  .filter((path) => path.startsWith("node_modules/"))
  .map((path) => path.split("/").slice(1, path.split("/")[1].startsWith("@") ? 3 : 2).join("/")));
const packages = [...used].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
  const parts = Object.keys(result.metafile.inputs).filter((path) => path.startsWith(`node_modules/${name}/`)).sort();
  return { name, version, license, sha256: sha256(Buffer.concat(parts.map((part) => readFileSync(join(here, part))))) };
});
const sums = Object.fromEntries(readdirSync(out).sort().map((name) => [name, sha256(readFileSync(join(out, name)))]));
writeFileSync(join(out, "manifest.json"), `${JSON.stringify({ files, packages, sha256: sums }, null, 2)}\n`);

// Builds internal/web/static/style.css out of the Utrecht components, the example design tokens, tokens.css and
// own.css; purged against the templates, so that a resident's old telephone gets no more than the pages use.
// Usage: node .tools/style/build.mjs [--check]; with --check it only compares bytes and fails when the file is stale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import cssnano from "cssnano";
import postcss from "postcss";
import postcssImport from "postcss-import";
import valueParser from "postcss-value-parser";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const out = join(root, "internal", "web", "static", "style.css");
const notice = "/*! EUPL-1.2. Components: Frameless B.V., Gemeente Utrecht. Tokens: NL Design System. */\n";

// Pages are written apart from the parts, so what a page may use of the components is kept even when no template uses
// it yet, and so is everything of our own: the result changes with this folder, hardly ever with a page.
const kept = [
  /^vd-/, "aria-invalid", "aria-current",
  "utrecht-alert", "utrecht-alert__content", "utrecht-alert__message", "utrecht-alert--error",
  "utrecht-badge-status", "utrecht-button", "utrecht-button-group", "utrecht-button--primary-action",
  "utrecht-button--secondary-action", "utrecht-button--subtle", "utrecht-checkbox", "utrecht-checkbox--html-input",
  "utrecht-data-list", "utrecht-data-list__item", "utrecht-data-list__item-key", "utrecht-data-list__item-value",
  "utrecht-data-list--rows", "utrecht-form-field", "utrecht-form-field--invalid", "utrecht-form-label",
  "utrecht-form-field-description", "utrecht-form-field-error-message", "utrecht-form-fieldset",
  "utrecht-form-fieldset--html-fieldset", "utrecht-form-fieldset__legend",
  "utrecht-form-fieldset__legend--html-legend", "utrecht-form-fieldset--invalid", "utrecht-heading-1",
  "utrecht-heading-2", "utrecht-heading-3", "utrecht-link", "utrecht-link--html-a", "utrecht-ordered-list",
  "utrecht-ordered-list__item", "utrecht-paragraph", "utrecht-radio-button", "utrecht-radio-button--html-input",
  "utrecht-select", "utrecht-select--html-select", "utrecht-table", "utrecht-table__caption", "utrecht-table__header",
  "utrecht-table__header-cell", "utrecht-table__body", "utrecht-table__row", "utrecht-table__cell",
  "utrecht-table__cell--numeric-column", "utrecht-textarea", "utrecht-textarea--html-textarea", "utrecht-textbox",
  "utrecht-textbox--html-input", "utrecht-unordered-list", "utrecht-unordered-list__item",
];

// tokens returns every design token by name; tokens.css wins.
function tokens() {
  const skeleton = join(root, "node_modules/@nl-design-system-unstable/voorbeeld-design-tokens/dist/variables.css");
  const all = new Map();
  for (const file of [skeleton, join(here, "tokens.css")]) {
    postcss.parse(readFileSync(file, "utf8")).walkDecls(/^--/, (d) => all.set(d.prop, d.value));
  }
  return all;
}

// A property is alive when it keeps its name in the result: the municipality's colours, and what components pass on
// to each other inside the page.
const alive = (name, declared) => name.startsWith("--vd-") || declared.has(name);

// resolve returns a value with every token in it filled in, or null when one has neither value nor fallback: the
// browser would ignore that declaration too.
function resolve(value, all, declared) {
  const parsed = valueParser(value);
  let known = true;
  const walk = (nodes) => nodes.map((node) => {
    if (node.type !== "function") return valueParser.stringify(node);
    if (node.value !== "var") return `${node.value}(${walk(node.nodes).join("")})`;
    const name = node.nodes[0].value;
    const fallback = node.nodes.length > 2 ? valueParser.stringify(node.nodes.slice(2)).trim() : null;
    const token = all.has(name) ? resolve(all.get(name), all, declared) : null;
    const filled = token ?? (fallback === null ? null : resolve(fallback, all, declared));
    if (alive(name, declared)) return filled === null ? `var(${name})` : `var(${name},${filled})`;
    if (filled === null) known = false;
    return filled ?? "";
  });
  const text = walk(parsed.nodes).join("");
  return known ? text : null;
}

// fold fills the tokens in, so that none of the 2,700 has to travel.
function fold(css) {
  const all = tokens();
  const sheet = postcss.parse(css);
  const declared = new Set();
  sheet.walkDecls(/^--/, (d) => declared.add(d.prop));
  sheet.walkDecls((d) => {
    if (!d.value.includes("var(")) return;
    const value = resolve(d.value, all, declared);
    if (value === null) d.remove();
    else d.value = value;
  });
  return sheet.toString();
}

// templates returns every page template's path, sorted.
function templates() {
  const folder = join(root, "internal", "web", "templates");
  return readdirSync(folder, { recursive: true }).filter((f) => f.endsWith(".gohtml")).sort().map((f) => join(folder, f));
}

// components returns the style sheets of every component that package.json lists, in order of name.
async function components() {
  const names = Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies)
    .filter((name) => name.startsWith("@utrecht/")).sort();
  const source = names.map((name) => `@import "${name}/dist/index.css";`).join("\n");
  const { root: sheet } = await postcss([postcssImport({ root })]).process(source, { from: join(root, "style.css") });
  sheet.walkAtRules("charset", (rule) => rule.remove());
  return sheet.toString();
}

// purge drops the rules no page uses and, with variables, the custom properties nothing reads.
async function purge(css, variables) {
  const [purged] = await new PurgeCSS().purge({
    content: templates(),
    css: [{ raw: css }],
    safelist: { standard: kept },
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    variables,
  });
  return purged.css;
}

async function build() {
  const css = `${await components()}\n${readFileSync(join(here, "own.css"), "utf8")}`;
  const folded = await purge(fold(await purge(css, false)), true);
  const small = await postcss([cssnano({ preset: ["default", { discardComments: { removeAll: true } }] })])
    .process(folded, { from: undefined });
  return `${notice}${small.css}\n`;
}

const css = await build();
if (process.argv.includes("--check")) {
  if (readFileSync(out, "utf8") !== css) {
    process.stderr.write("internal/web/static/style.css is stale: run node .tools/style/build.mjs\n");
    process.exit(1);
  }
} else {
  writeFileSync(out, css);
}

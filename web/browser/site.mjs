// The built binary and a browser, for the tests beside this file.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "node:net";
import { chromium } from "playwright-core";

export const root = path.resolve(import.meta.dirname, "../..");
export const languages = ["ja", "ja-easy", "en", "es", "pt", "vi", "tl"];

const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p));

/** Starts a browser, or says why there is none. */
export async function openBrowser(t) {
  if (!chromiumPath) {
    t.skip("no Chromium on this machine");
    return null;
  }
  return chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader"],
  });
}

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** Serves the sample city, or { data } at the end, with the built binary, with { port } on that one; everything it logs goes to logPath. */
export async function startSite(...flags) {
  const { port = await freePort(), data = "-demo" } = typeof flags.at(-1) === "object" ? flags.pop() : {};
  const admin = await freePort();
  const logPath = path.join(mkdtempSync(path.join(tmpdir(), "hazardmap-")), "server.log");
  const log = createWriteStream(logPath);
  const child = spawn(path.join(root, "bin/hazardmap"), ["serve", "-addr", `127.0.0.1:${port}`, "-admin", `127.0.0.1:${admin}`, ...flags, data], { cwd: root });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`server ended with ${child.exitCode}: ${readFileSync(logPath, "utf8")}`);
    const ready = await fetch(`${url}/readyz`).then((r) => r.ok, () => false);
    if (ready) return { url, admin: `http://127.0.0.1:${admin}`, logPath, stop: () => new Promise((done) => { child.once("exit", done); child.kill("SIGTERM"); }) };
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`server not ready after 60 s: ${readFileSync(logPath, "utf8")}`);
}

/**
 * Opens a page that records what must never happen: a request to another
 * host, a refused resource, a script error, a violation of the CSP.
 */
export async function openPage(context, site) {
  const page = await context.newPage();
  const faults = [];
  page.on("request", (r) => {
    const url = new URL(r.url());
    if (url.protocol.startsWith("http") && url.origin !== site.url) faults.push(`request leaves the host: ${url.origin}`);
  });
  page.on("response", (r) => {
    if (r.status() >= 500) faults.push(`${r.status()} ${r.url()}`);
  });
  page.on("pageerror", (e) => faults.push(`script error: ${e.message}`));
  page.on("console", (m) => {
    if (m.type() === "error" && !/GPU stall|GL Driver/.test(m.text())) faults.push(`console: ${m.text()}`);
  });
  return { page, faults };
}

/** How many different colours a picture of the page has, sampled. */
export async function colours(page, locator) {
  const png = await locator.screenshot();
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4 * 37) seen.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
    return seen.size;
  }, png.toString("base64"));
}

/** What a phone puts before its own answers. */
export const notice = /<aside class="offline" role="note">.*?<\/aside>/s;

/** Two hundred addresses in all languages, always the same ones. */
export function addresses() {
  let seed = 20260401;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const pages = ["", "shelters", "about", "help", "privacy", "timeline", "map", "settings", "offline", "nothing-here", "at/x", "place/none", "app.webmanifest", "style.json"];
  return Array.from({ length: 200 }, (_, i) => {
    const lang = languages[i % languages.length];
    if (i % 4 === 0) return `/${lang}/${pages[(i / 4) % pages.length]}`;
    const at = `${(36.0 + random() * 0.06).toFixed(4)},${(141.49 + random() * 0.08).toFixed(4)}`;
    const query = ["", "?floor=2&storeys=3", "?form=short", "?z=13", "?text=1", "?fragment=main"][Math.floor(random() * 6)];
    return `/${lang}/at/${at}${query}`;
  });
}

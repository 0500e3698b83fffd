// Prints what a page costs a visitor beside its targets: first text on a slow
// network and a slow processor, how far the layout jumps, and what Lighthouse
// says of its accessibility. `make bench` runs it on the sample city.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import lighthouse from "lighthouse";
import { startSite } from "../browser/site.mjs";
import { slowProxy } from "./slow.mjs";

const pages = ["ja/", "vi/", "ja/at/36.0230,141.5300", "ja-easy/at/36.0230,141.5300", "en/shelters"];
const rounds = 5;
const slow3G = { bytesPerSecond: 50_000, roundTripMs: 400 };
const slowdown = 6;

const site = await startSite();
const debugPort = Number(new URL(site.url).port) + 1;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic", `--remote-debugging-port=${debugPort}`] });
try {
  await sizes();
  await firstText();
  await accessibility();
} finally {
  await browser.close();
  await site.stop();
}

async function sizes() {
  for (const path of pages) {
    const html = await (await fetch(`${site.url}/${path}`)).text();
    const map = /<svg class="map".*?<\/svg>/s.exec(html)?.[0] ?? "";
    const text = html.replace(map, "");
    console.log(`page: /${path}: ${text.length} characters, ${gzipSync(text, { level: 9 }).length} bytes in gzip (target ≤ 14,000)` +
      (map ? `, its map ${brotliCompressSync(map).length} in Brotli (target ≤ 10,000)` : ""));
  }
}

async function firstText() {
  const proxy = await slowProxy(Number(new URL(site.url).port), slow3G.bytesPerSecond, slow3G.roundTripMs);
  for (const path of pages) {
    const times = [];
    let jump = 0;
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
      await page.goto(`http://localhost:${proxy.port}/${path}`, { waitUntil: "load" });
      const seen = await page.evaluate(() => new Promise((done) => {
        let shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done({ first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity, shift }), 500);
      }));
      times.push(seen.first);
      jump = Math.max(jump, seen.shift);
      await context.close();
    }
    times.sort((a, b) => a - b);
    console.log(`page: /${path}: first text ${(times[rounds >> 1] / 1000).toFixed(2)} s (target ≤ 2.0 s; 400 kbit/s, 400 ms, processor / ${slowdown}, no TLS, median of ${rounds}), layout shift ${jump.toFixed(3)} (target 0)`);
  }
  proxy.close();
}

async function accessibility() {
  for (const path of pages) {
    const { lhr } = await lighthouse(`${site.url}/${path}`, { port: debugPort, logLevel: "error", onlyCategories: ["accessibility"] });
    const missed = Object.values(lhr.audits).filter((a) => a.score !== null && a.score < 1).map((a) => a.id);
    console.log(`page: /${path}: Lighthouse accessibility ${Math.round(lhr.categories.accessibility.score * 100)} (target 100)${missed.length > 0 ? ` missed: ${missed.join(", ")}` : ""}`);
  }
}

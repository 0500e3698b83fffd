// Prints what a phone keeps and how soon it answers alone, beside the targets.
// `make bench` runs it on the published data of Isesaki, on the sample city
// where they do not lie beside the project.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { root, startSite } from "../browser/site.mjs";

const published = path.join(root, "../shared/data");
const sources = ["flood/A31b-20-23_10_10204.geojson.gz", "flood/A31b-20-23_20_10204.geojson.gz", "shelters/isesaki", "boundaries/N03-2020_10204_isesaki.geojson"]
  .map((name) => path.join(published, name));
const isesaki = sources.every((name) => existsSync(name));
const where = isesaki ? "Isesaki" : "the sample city";
const middle = isesaki ? [36.32, 139.19] : [36.023, 141.53];

const site = await startSite({ data: isesaki ? imported() : undefined });
const server = await chromium.launchServer({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] });
const browser = await chromium.connect(server.wsEndpoint());
let up = true;
try {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(`${site.url}/en/offline`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  sizes(await page.evaluate(async () => (await fetch(document.querySelector("[data-pack]").dataset.pack)).json()));
  await page.locator("[data-part=save]").click();
  await page.waitForFunction(() => document.querySelector("[data-part=status]").textContent.startsWith("Saved on"), null, { timeout: 300_000 });
  await site.stop();
  up = false;
  await cold(context, page, "2 cores", 500);
  await warm(page);
  const free = sixth(server.process().pid);
  if (free) await cold(context, page, "1/6 of a core", 1500).finally(free);
  else console.log("phone: cold answer at 1/6 of a core left out: no cgroup for processors can be made here");
} finally {
  await browser.close();
  await server.close();
  if (up) await site.stop();
}

function imported() {
  const city = path.join(mkdtempSync(path.join(tmpdir(), "hazardmap-bench-")), "isesaki");
  execFileSync(path.join(root, "bin/hazardmap"), ["import", "-quiet", "-area", "10204", "-o", city, ...sources], { stdio: "inherit" });
  return city;
}

function sizes(pack) {
  const sent = (pieces) => pieces.reduce((sum, piece) => sum + piece.send, 0);
  const files = Object.fromEntries(pack.files.map(({ name, shards }) => [name, sent(shards)]));
  const live = pack.assets.filter(({ url }) => /\/(map|maplibre)/.test(url));
  const all = sent(pack.assets) + Object.values(files).reduce((a, b) => a + b, 0);
  const mb = (bytes) => (bytes / 1e6).toFixed(2);
  console.log(`phone: ${where} saved: ${mb(all)} MB, without the live map and its tiles ${mb(all - files.tiles - sent(live))} MB (target ≤ 6)`);
  console.log(`phone: program ${sent(pack.assets.filter(({ url }) => url === pack.wasm))} bytes in Brotli (target ≤ 900,000)`);
}

/** The time from a tap to the whole page, of a worker that was killed. */
async function cold(context, page, machine, target) {
  const times = [];
  for (let round = 0; round < 7; round++) {
    const devtools = await context.newCDPSession(page);
    await devtools.send("ServiceWorker.enable");
    await devtools.send("ServiceWorker.stopAllWorkers");
    await devtools.detach();
    const begin = performance.now();
    await page.goto(`${site.url}/ja/at/${(middle[0] + round / 2000).toFixed(4)},${middle[1]}`, { timeout: 120_000 });
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  console.log(`phone: cold answer of ${where} on ${machine}: ${Math.round(times[3])} ms (target ≤ ${target}; median of 7, best ${Math.round(times[0])})`);
}

async function warm(page) {
  const times = await page.evaluate(async ([lat, lon]) => {
    const times = [];
    for (let i = 0; i < 60; i++) {
      const begin = performance.now();
      await (await fetch(`/ja/at/${(lat + i / 5000).toFixed(4)},${lon}`)).text();
      times.push(performance.now() - begin);
    }
    return times.sort((a, b) => a - b);
  }, middle);
  console.log(`phone: warm answer of ${where}: ${times[30].toFixed(1)} ms (target ≤ 20; median of 60)`);
}

/** Gives a process and its children a sixth of a core; the function that is returned lifts that. */
function sixth(pid) {
  const home = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup"].find((folder) => existsSync(path.join(folder, "cgroup.procs")));
  const group = path.join(home ?? "", `hazardmap-bench-${process.pid}`);
  try {
    mkdirSync(group);
    if (existsSync(path.join(group, "cpu.max"))) writeFileSync(path.join(group, "cpu.max"), "16667 100000");
    else writeFileSync(path.join(group, "cpu.cfs_quota_us"), "16667");
    for (const each of family(pid)) writeFileSync(path.join(group, "cgroup.procs"), String(each));
  } catch {
    return undefined;
  }
  return () => {
    for (const each of readFileSync(path.join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean)) writeFileSync(path.join(home, "cgroup.procs"), each);
    rmdirSync(group);
  };
}

/** A process and all that it started. */
function family(pid) {
  const parents = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))[1]));
    } catch {
      // It has ended.
    }
  }
  const all = [pid];
  for (const one of all) for (const [child, parent] of parents) if (parent === one) all.push(child);
  return all;
}

// One edition after another on a phone: what answers without a network is the
// whole of one edition, as its server said it, and never two of them mixed.
import test from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { notice, openBrowser, root, startSite } from "./site.mjs";

const collection = (...features) => JSON.stringify({ type: "FeatureCollection", features });
const square = (west, south, east, north, properties) => ({
  type: "Feature",
  properties,
  geometry: { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] },
});

/** A small city whose flood reaches so far east, in a class of its own for each edition. */
function edition(date, east, depth) {
  const folder = mkdtempSync(path.join(tmpdir(), "hazardmap-edition-"));
  const sources = path.join(folder, "sources");
  mkdirSync(sources);
  writeFileSync(path.join(sources, "border.geojson"), collection(square(139, 36, 139.01, 36.01, { N03_001: "見本県", N03_002: null, N03_003: null, N03_004: "見本市", N03_007: "10999" })));
  writeFileSync(path.join(sources, "A31a-20-24_83.geojson"), collection(square(139, 36, east, 36.01, { A31a_201: "8303040001", A31a_202: "見本川", A31a_203: "83", A31a_204: "関東地方整備局", A31a_205: depth })));
  const data = path.join(folder, "10999");
  execFileSync(path.join(root, "bin/hazardmap"), ["import", "-quiet", "-area", "10999", "-edition", date, "-o", data, sources], { stdio: "inherit" });
  return { date, data };
}

const questions = ["/en/", "/en/at/36.0050,139.0010", "/en/at/36.0050,139.0040", "/en/at/36.0050,139.0080", "/vi/at/36.0050,139.0040", "/ja/about", "/ja/map", "/ja/shelters"];

const ask = (page) =>
  page.evaluate(async (questions) => {
    const answers = [];
    for (const address of questions) answers.push(await (await fetch(address)).text());
    return answers;
  }, questions);

const inTown = (page) =>
  page.evaluate(async () => {
    const town = await (await (await caches.open("notes")).match("/.town")).json();
    const wanted = [...town.files.flatMap((file) => file.shards), ...town.assets].map(({ url }) => url).sort();
    const kept = (await (await caches.open("town")).keys()).map(({ url }) => new URL(url).pathname).sort();
    return { edition: town.edition, wanted, kept };
  });

test("one edition after another on a phone", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const [first, second, third] = [edition("2026-04-01", 139.002, 2), edition("2027-04-01", 139.005, 4), edition("2028-04-01", 139.003, 1)];
  let site = await startSite({ data: first.data });
  const { port } = new URL(site.url);
  t.after(async () => {
    await browser.close();
    await site.stop();
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const said = {};
  const move = async ({ date, data }) => {
    await site.stop();
    site = await startSite({ port, data });
    said[date] = await Promise.all(questions.map(async (address) => (await fetch(site.url + address)).text()));
  };
  /** Kills the server and the workers, and compares every answer with what the server of one edition said. */
  const answersAs = async (expected) => {
    await site.stop();
    const devtools = await context.newCDPSession(page);
    await devtools.send("ServiceWorker.enable");
    await devtools.send("ServiceWorker.stopAllWorkers");
    await devtools.detach();
    for (const [i, answer] of (await ask(page)).entries()) {
      assert.ok(answer.match(notice)?.[0].includes(expected.date), `${questions[i]} names the edition ${expected.date}: ${answer.match(notice)?.[0]}`);
      assert.equal(answer.replace(notice, ""), said[expected.date][i], questions[i]);
    }
    site = await startSite({ port, data: expected.data });
  };
  /** Opens a page as after an hour: it asks whether there is a newer edition. */
  const visitLater = async () => {
    await page.evaluate(async () => {
      const notes = await caches.open("notes");
      const town = await (await notes.match("/.town")).json();
      await notes.put("/.town", new Response(JSON.stringify({ ...town, confirmed: town.confirmed - 2 * 60 * 60 * 1000 })));
      await caches.delete("pages"); // so that only the town can answer
    });
    await page.goto(`${site.url}/en/help`);
  };
  /** How the shards of a newer edition arrive. */
  let arrive = (route) => route.continue();
  let asked = [];
  await context.route("**/offline/*.bin", (route) => {
    asked.push(new URL(route.request().url()).pathname);
    return arrive(route);
  });

  await move(first);
  await page.goto(`${site.url}/en/offline`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.locator("[data-part=save]").click();
  await page.waitForFunction(() => document.querySelector("[data-part=status]").textContent.startsWith("Saved on"), null, { timeout: 120_000 });
  await answersAs(first);

  const until = async (what) => {
    for (let i = 0; !(await what()); i++) {
      if (i === 600) throw new Error(`not after a minute: ${what}`);
      await page.waitForTimeout(100);
    }
  };
  const trouble = {
    "a line that breaks": (route) => route.abort(),
    "a damaged part": (route) => route.fulfill({ status: 200, contentType: "application/octet-stream", body: "damaged on the way" }),
    "a part that is gone": (route) => route.fulfill({ status: 404, body: "" }),
  };
  let whole; // one part comes whole, then the trouble begins
  for (const [name, end] of Object.entries(trouble)) {
    await move(second);
    asked = [];
    arrive = (route) => {
      const { pathname } = new URL(route.request().url());
      whole ??= pathname;
      return pathname === whole ? route.continue() : end(route);
    };
    await visitLater();
    await until(() => asked.filter((url) => url !== whole).length >= 3);
    await page.waitForTimeout(300);
    const half = await inTown(page);
    assert.equal(half.edition, first.date, name);
    assert.ok(half.kept.includes(whole), "the part that came is kept for later");
    await answersAs(first);
  }

  arrive = (route) => route.continue();
  for (const next of [second, third]) {
    await move(next);
    await visitLater();
    // Nothing lies on the phone in the end but the parts of this edition.
    await until(() => inTown(page).then(({ edition, wanted, kept }) => edition === next.date && kept.join() === wanted.join()));
    await page.evaluate(() => caches.delete("pages"));
    await answersAs(next);
  }
  assert.equal(new Set(Object.values(said).map((answers) => answers[2])).size, 3, "the editions differ in what they say");

  // The age of the data comes first, and a clock that cannot tell it says so.
  const year = 365 * 24 * 60 * 60 * 1000;
  const firstLine = async (change) => {
    await page.evaluate(async (change) => {
      const notes = await caches.open("notes");
      const town = await (await notes.match("/.town")).json();
      await notes.put("/.town", new Response(JSON.stringify({ ...town, ...change })));
      navigator.serviceWorker.controller.postMessage("town");
    }, change);
    const [answer] = await ask(page);
    return answer.match(/<main[^>]*><aside class="offline" role="note"><p>(.*?)<\/p>/)?.[1];
  };
  await site.stop();
  const now = Date.now();
  assert.match(await firstLine({ expires: now - 1000, confirmed: now - 40 * (year / 365) }), /^<strong>.* 40 days ago/, "past its expiry");
  assert.match(await firstLine({ expires: 0, confirmed: now - 2 * year }), /^<strong>.* 730 days ago/, "nobody confirmed it for years");
  assert.match(await firstLine({ expires: now + year, confirmed: now + 3 * year }), /^<strong>The clock of this phone is wrong/, "a clock set back by years");
  assert.doesNotMatch(await firstLine({ expires: now + year, confirmed: now }), /<strong>/);
  site = await startSite({ port, data: third.data });
  await context.close();
});

// A phone without a network: a town is saved, the server and the worker are
// killed, and what the phone answers is what the server had said.
import test from "node:test";
import assert from "node:assert/strict";
import { addresses, colours, notice, openBrowser, startSite } from "./site.mjs";

const inTown = "36.0230,141.5300";
/** Asks in the page, so that its service worker stands in between. */
const ask = (page, list) =>
  page.evaluate(async (list) => {
    const answers = [];
    for (const address of list) {
      const response = await fetch(address);
      answers.push({ address, status: response.status, type: response.headers.get("Content-Type"), body: await response.text() });
    }
    return answers;
  }, list);

const suggest = (page, q) =>
  page.evaluate(async (q) => (await fetch("/api/v1/places", { method: "POST", body: new URLSearchParams({ q, limit: "6", suggest: "true" }) })).text(), q);

async function ready(page, site, path = "/en/offline") {
  await page.goto(site.url + path);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

async function save(page) {
  await page.locator("[data-part=save]").click();
  await page.waitForFunction(() => document.querySelector("[data-part=status]").textContent.startsWith("Saved on"), null, { timeout: 120_000 });
}

async function killWorkers(context, page) {
  const cdp = await context.newCDPSession(page);
  await cdp.send("ServiceWorker.enable");
  await cdp.send("ServiceWorker.stopAllWorkers");
  await cdp.detach();
}

test("a phone without a network", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  let site = await startSite();
  const { port } = new URL(site.url);
  t.after(async () => {
    await browser.close();
    await site.stop();
  });

  await t.test("a page that was seen opens again, and says when it was saved", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await ready(page, site, "/vi/");
    await page.goto(`${site.url}/vi/at/${inTown}`);
    const seen = await page.content();
    await page.waitForTimeout(500);
    await site.stop();
    await killWorkers(context, page);
    const response = await page.goto(`${site.url}/vi/at/${inTown}`);
    assert.equal(response.status(), 200);
    assert.match(await page.locator("aside.offline").textContent(), /Không có mạng/);
    assert.equal((await page.content()).replace(notice, ""), seen);
    assert.equal((await page.goto(`${site.url}/vi/at/36.0300,141.5000`)).status(), 503, "what was never seen is not made up");
    const bytes = await page.evaluate(async () => {
      let total = 0;
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) total += (await (await cache.match(request)).arrayBuffer()).byteLength;
      }
      return total;
    }).catch(() => 0);
    t.diagnostic(`kept without being asked: ${bytes} bytes (at most 250,000)`);
    assert.ok(bytes < 250_000);
    site = await startSite({ port });
    await context.close();
  });

  await t.test("the saved town answers 200 addresses as the server did", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await ready(page, site);
    await page.locator("[data-part=save]").filter({ hasText: /\d\.\d MB/ }).waitFor(); // the size is said first
    await save(page);
    const list = addresses();
    // Settings in an address are kept for the next one, by the server in a cookie.
    const said = await ask(page, list);
    const found = await page.evaluate(async () => (await fetch("/en/search", { method: "POST", body: new URLSearchParams({ q: "みほん" }) })).text());
    await ask(page, ["/en/?text=0"]);
    const suggested = await suggest(page, "ka");
    assert.ok(JSON.parse(suggested).candidates.length > 0);
    await site.stop();
    await killWorkers(context, page);
    const begin = performance.now();
    await page.goto(`${site.url}/en/at/${inTown}`);
    t.diagnostic(`cold answer of a killed worker, page and all: ${Math.round(performance.now() - begin)} ms`);
    await ask(page, ["/en/?text=0"]);
    const answered = await ask(page, list);
    for (const [i, answer] of answered.entries()) {
      assert.deepEqual({ ...answer, body: answer.body.replace(notice, "") }, said[i], answer.address);
      if (answer.type.startsWith("text/html")) assert.match(answer.body, notice, `${answer.address} does not say that it is of this phone`);
    }
    const offline = await page.evaluate(async () => (await fetch("/en/search", { method: "POST", body: new URLSearchParams({ q: "みほん" }) })).text());
    assert.equal(offline.replace(notice, ""), found, "the search by POST");
    assert.equal(await suggest(page, "ka"), suggested, "what is suggested to who types");
    const warm = await page.evaluate(async () => {
      const times = [];
      for (let i = 0; i < 40; i++) {
        const begin = performance.now();
        await (await fetch(`/ja/at/36.0${100 + i},141.53`)).text();
        times.push(performance.now() - begin);
      }
      return times.sort((a, b) => a - b)[20];
    });
    t.diagnostic(`warm answer, median of 40: ${warm.toFixed(1)} ms`);
    await page.goto(`${site.url}/`);
    assert.match(page.url(), /\/(ja|en)\/$/, "the start page in a language that was read");
    await page.goto(`${site.url}/vi/map`);
    if (await page.evaluate(() => document.createElement("canvas").getContext("webgl2") !== null)) {
      await page.click("#open-live");
      await page.locator(".live-panel li").first().waitFor({ state: "attached", timeout: 60_000 });
      assert.ok((await colours(page, page.locator(".live-canvas"))) > 12, "the live map is drawn from the saved tiles");
    }
    site = await startSite({ port });
    await context.close();
  });

  await t.test("a shard that is not what was named is refused and fetched again", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await ready(page, site);
    let bad = 0;
    await context.route("**/offline/*.bin", async (route) => {
      if (bad++ > 0) return route.continue();
      return route.fulfill({ status: 200, contentType: "application/octet-stream", body: "damaged on the way" });
    });
    await save(page);
    assert.ok(bad > 1, "the download asked again");
    const shard = await page.evaluate(async () => {
      const cache = await caches.open("town");
      const request = (await cache.keys()).find((r) => r.url.endsWith(".bin"));
      await cache.put(request, new Response("damaged on the phone"));
      return request.url;
    });
    await killWorkers(context, page);
    await site.stop();
    assert.equal((await page.goto(`${site.url}/en/at/36.0299,141.5299`)).status(), 503, "a damaged town answers nothing");
    site = await startSite({ port });
    await page.goto(`${site.url}/en/offline`);
    await page.waitForFunction(() => /gone/.test(document.querySelector("[data-part=status]").textContent));
    await save(page);
    const length = await page.evaluate(async (url) => (await (await (await caches.open("town")).match(url)).arrayBuffer()).byteLength, shard);
    assert.ok(length > 100);
    await context.close();
  });

  await t.test("storage cleared in the middle of a download leaves no half town", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await ready(page, site);
    let asked = 0;
    await context.route("**/offline/*.bin", async (route) => {
      if (++asked === 3) await page.evaluate(() => caches.delete("town"));
      await route.continue();
    });
    await page.locator("[data-part=save]").click();
    await page.waitForFunction(() => /stopped|Saved on/.test(document.querySelector("[data-part=status]").textContent), null, { timeout: 120_000 });
    assert.match(await page.locator("[data-part=status]").textContent(), /stopped/);
    assert.equal(await page.evaluate(async () => Boolean(await (await caches.open("notes")).match("/.town"))), false);
    await save(page);
    await context.close();
  });

  await t.test("a server that offers nothing any more makes phones forget", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await ready(page, site);
    await save(page);
    await site.stop();
    site = await startSite("-no-offline", { port });
    await page.goto(`${site.url}/en/`);
    assert.equal(await page.locator("body").getAttribute("data-worker"), null);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await page.waitForFunction(async () => !(await navigator.serviceWorker.getRegistration()) && (await caches.keys()).length === 0);
    await context.close();
  });
});

test("a public terminal registers no worker", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const site = await startSite("-kiosk");
  t.after(async () => {
    await browser.close();
    await site.stop();
  });
  const page = await browser.newPage();
  await page.goto(`${site.url}/ja/`);
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

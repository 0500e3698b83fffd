// Every page in every language: readable without JavaScript, free of faults
// that axe can find, narrow enough for a small phone, silent to other hosts.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { languages, openBrowser, openPage, startSite } from "./site.mjs";

// Somewhere in the low west of the sample city, and beyond it.
const inTown = "36.0230,141.5300";
const beyond = "36.2000,141.5300";

const paths = ["", `at/${inTown}`, `at/${inTown}?form=short`, `at/${beyond}`, "shelters", "about", "help", "privacy", "timeline", "plan"];

/** How far a page is wider than its window, and what it cuts off at its side. */
function widths() {
  const cut = [...document.querySelectorAll("main > section, footer, .brand, .brand b")].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 || e.getBoundingClientRect().right > innerWidth);
  const { scrollWidth, clientWidth } = document.documentElement;
  return { wide: scrollWidth - clientWidth, cut: cut.map((e) => e.className || e.tagName) };
}

test("the site in a browser", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const site = await startSite();
  t.after(async () => {
    await browser.close();
    await site.stop();
  });

  for (const lang of languages) {
    for (const javaScriptEnabled of [false, true]) {
      await t.test(`${lang}, JavaScript ${javaScriptEnabled ? "on" : "off"}`, async () => {
        const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 320, height: 640 }, locale: "en" });
        const { page, faults } = await openPage(context, site);
        for (const path of paths) {
          const response = await page.goto(`${site.url}/${lang}/${path}`);
          assert.equal(response.status(), 200, path);
          assert.match(await page.locator("html").getAttribute("lang"), /^(ja|en|es|pt-BR|vi|fil)$/);
          assert.equal(await page.locator("h1").count(), 1, `${lang}/${path}: one h1`);
          assert.equal(await page.locator("main").count(), 1, `${lang}/${path}: one main`);
          assert.equal(await page.locator("aside.sample").count(), 1, `${lang}/${path}: marked as a sample`);
          const { wide, cut } = await page.evaluate(widths);
          assert.ok(wide <= 0, `${lang}/${path}: scrolls sideways by ${wide} px at 320 px`);
          assert.deepEqual(cut, [], `${lang}/${path}: cut at 320 px`);
        }
        assert.deepEqual(faults, []);
        await context.close();
      });
    }
  }

  await t.test("the first packets hold home, search and answer", async () => {
    for (const lang of languages) {
      for (const path of ["", `at/${inTown}`]) {
        const html = await (await fetch(`${site.url}/${lang}/${path}`)).text();
        const text = Buffer.from(html.replace(/<svg class="map".*?<\/svg>/s, ""));
        const packed = gzipSync(text, { level: 9 }).length;
        assert.ok(text.length <= 60_000 && packed <= 14_000, `/${lang}/${path}: ${text.length} bytes, ${packed} compressed, want at most 60,000 and 14,000`);
      }
    }
  });

  await t.test("axe finds nothing", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page } = await openPage(context, site);
    for (const lang of languages) {
      for (const path of lang === "ja" || lang === "en" ? paths : ["", `at/${inTown}`]) {
        await page.goto(`${site.url}/${lang}/${path}`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`);
        assert.deepEqual(found, [], `/${lang}/${path}`);
      }
    }
    await context.close();
  });

  await t.test("keyboard alone reaches an answer", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const { page, faults } = await openPage(context, site);
    await page.goto(`${site.url}/ja/`);
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement?.getAttribute("name") === "q").catch(() => false)) break;
    }
    await page.keyboard.type("みほん");
    await Promise.all([page.waitForURL(/search|place|at/), page.keyboard.press("Enter")]);
    await page.locator("h1").waitFor();
    assert.doesNotMatch(page.url(), /q=/, "what was typed is in no address");
    assert.equal(await page.locator("h1").count(), 1);
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("the picture of the map is drawn", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    const { page } = await openPage(context, site);
    await page.goto(`${site.url}/ja/at/${inTown}`);
    const svg = page.locator("main svg[role=img], main figure svg").first();
    assert.ok((await svg.locator("path").count()) > 5, "zones, water and roads are paths");
    await context.close();
  });

  await t.test("no place in any log", () => {
    const log = readFileSync(site.logPath, "utf8");
    for (const secret of ["36.0230", "141.5300", "36.2000", "みほん", encodeURIComponent("みほん")]) {
      assert.ok(!log.includes(secret), `the log holds ${secret}`);
    }
  });
});

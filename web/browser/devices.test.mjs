// What only a browser can show: the live map draws, suggestions lead on, the
// sheet prints on one page, a public terminal forgets.
import test from "node:test";
import assert from "node:assert/strict";
import { openBrowser, openPage, startSite } from "./site.mjs";

const inTown = "36.0230,141.5300";

/** How many different colours a picture of the page has, sampled. */
async function colours(page, locator) {
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

test("a resident's device", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const site = await startSite();
  t.after(async () => {
    await browser.close();
    await site.stop();
  });

  await t.test("the live map draws, switches a layer and answers a tap", async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    const { page, faults } = await openPage(context, site);
    await page.goto(`${site.url}/vi/map`);
    if (!(await page.evaluate(() => document.createElement("canvas").getContext("webgl2") !== null))) {
      t.diagnostic("no WebGL2 here: only the drawn map is offered");
      assert.equal(await page.locator("#open-live").isVisible(), false);
      await context.close();
      return;
    }
    await page.click("#open-live");
    await page.waitForFunction(() => document.querySelector("#open-live").hidden, null, { timeout: 120_000 });
    await page.locator(".live-panel li").first().waitFor({ state: "attached", timeout: 60_000 });
    assert.ok((await colours(page, page.locator(".live-canvas"))) > 12, "the map is not blank");
    assert.equal(await page.locator(".live-canvas").getAttribute("lang"), "ja");
    await page.locator(".live-canvas canvas").click({ position: { x: 300, y: 300 } });
    await page.locator(".sheet-up h1").waitFor({ timeout: 30_000 });
    assert.ok((await page.locator(".sheet-up .act h2").textContent()).length > 5);
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("suggestions lead to the answer of a town", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page, faults } = await openPage(context, site);
    await page.goto(`${site.url}/en/`);
    await page.fill("#q", "kawa");
    await page.locator(".sug li").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await Promise.all([page.waitForURL(/place|at/), page.keyboard.press("Enter")]);
    assert.match(await page.locator("h1").textContent(), /川/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("a tap on the floor changes the answer and keeps the focus", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page, faults } = await openPage(context, site);
    await page.goto(`${site.url}/ja/at/${inTown}`);
    const chip = page.locator(".ask a", { hasText: "3階" }).first();
    await chip.click();
    await page.waitForURL(/floor=3/);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-current")), "true");
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("the sheet prints on one page of A4 in any two languages", async () => {
    const context = await browser.newContext();
    const { page, faults } = await openPage(context, site);
    for (const [lang, second] of [["ja", "pt"], ["vi", "ja-easy"], ["tl", "es"]]) {
      await page.goto(`${site.url}/${lang}/print/${inTown}?second=${second}`);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
      assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1, `${lang} with ${second}`);
    }
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("200 % text does not scroll sideways", async () => {
    const context = await browser.newContext({ viewport: { width: 640, height: 800 } });
    const { page } = await openPage(context, site);
    for (const path of ["es/", `tl/at/${inTown}`, "ja-easy/help", "vi/shelters"]) {
      await page.goto(`${site.url}/${path}`);
      await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${path}: scrolls sideways by ${wide} px`);
    }
    await context.close();
  });
});

test("a public terminal", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const site = await startSite("-kiosk");
  t.after(async () => {
    await browser.close();
    await site.stop();
  });
  const context = await browser.newContext({ viewport: { width: 1080, height: 1400 } });
  const { page, faults } = await openPage(context, site);
  await page.clock.install();

  await t.test("types kana on the screen", async () => {
    await page.goto(`${site.url}/ja/`);
    await page.click("#q");
    for (const key of ["か", "゛", "わ"]) await page.click(`.keys button:text-is("${key}")`);
    assert.equal(await page.inputValue("#q"), "がわ");
  });

  await t.test("warns after 60 s, and 15 s later has forgotten everything", async () => {
    await page.goto(`${site.url}/vi/?text=2`);
    await page.clock.runFor(59_000);
    assert.equal(await page.locator("dialog").evaluate((d) => d.open), false);
    await page.clock.runFor(2_000);
    assert.equal(await page.locator("dialog").evaluate((d) => d.open), true);
    await page.clock.runFor(15_500);
    await page.waitForURL(/kiosk/);
    await page.goto(`${site.url}/vi/`);
    assert.doesNotMatch((await page.locator("html").getAttribute("class")) ?? "", /t2/, "the text size of the visitor before");
  });

  await t.test("a touch keeps it awake", async () => {
    await page.goto(`${site.url}/es/`);
    await page.clock.runFor(61_000);
    await page.click("dialog button");
    await page.clock.runFor(30_000);
    assert.match(page.url(), /\/es\//);
    assert.equal(await page.locator("dialog").evaluate((d) => d.open), false);
  });

  await t.test("has targets of 60 px, its own fonts, and no way out", async () => {
    for (const path of ["kiosk", "ja/", `pt/at/${inTown}`, "en/shelters"]) {
      await page.goto(`${site.url}/${path}`);
      const small = await page.evaluate(() => [...document.querySelectorAll("a, button, summary, input")].filter((e) => {
        const box = e.getBoundingClientRect();
        return box.height > 0 && !e.classList.contains("skip") && box.height < 59.5;
      }).map((e) => e.outerHTML.slice(0, 90)));
      assert.deepEqual(small, [], path);
      const out = await page.evaluate(() => [...document.links].filter((a) => a.origin !== location.origin).map((a) => a.href));
      assert.deepEqual(out, [], path);
    }
    const fonts = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((f) => f.status === "loaded").length;
    });
    assert.ok(fonts > 3, `${fonts} fonts loaded`);
  });

  assert.deepEqual(faults, []);
  await context.close();
});

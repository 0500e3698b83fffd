// The page of those who plan: a sheet by a plain form and by script, a file that
// is saved, an area that is drawn.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { openBrowser, openPage, startSite } from "./site.mjs";

const sheet = {
  name: "施設.csv", mimeType: "text/csv",
  buffer: Buffer.from("施設名,緯度,経度,町名\n=中央,36.0230,141.5300,本町\n南,36.0235,141.5310,本町\n謎,x,y,\n"),
};

test("the page of those who plan", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const site = await startSite();
  t.after(async () => {
    await browser.close();
    await site.stop();
  });

  for (const javaScriptEnabled of [false, true]) {
    await t.test(`a sheet, JavaScript ${javaScriptEnabled ? "on" : "off"}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 320, height: 640 } });
      const { page, faults } = await openPage(context, site);
      await page.goto(`${site.url}/en/plan`);
      if (javaScriptEnabled) await page.waitForSelector(".drawing");
      await page.setInputFiles("#file", sheet);
      await page.click("#sheet-form .main");
      await page.waitForSelector("#sheet-answer h3");
      assert.equal(new URL(page.url()).pathname, javaScriptEnabled ? "/en/plan" : "/en/plan/sheet");
      assert.match(await page.innerText("#sheet-answer .big"), /^3 rows were looked up\.$/);
      assert.equal(await page.locator("#sheet-answer .rows").first().locator("tbody tr").count(), 3);
      assert.ok((await page.locator("#sheet-answer svg.map circle").count()) >= 1);
      assert.ok((await page.locator("#sheet-answer svg.stripe").count()) >= 3);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth).catch(() => 0);
      assert.ok(wide <= 0, `scrolls sideways by ${wide} px at 320 px`);

      await page.setInputFiles("#file", sheet); // a page that was answered has an empty form
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#sheet-form button[formaction$='as=csv']")]);
      assert.equal(download.suggestedFilename(), "risks.csv");
      const saved = readFileSync(await download.path(), "utf8");
      assert.match(saved, /^\uFEFF施設名,緯度,経度,町名,match,/);
      assert.match(saved, /\r\n=中央,36\.0230,141\.5300,本町,,point,/);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }

  await t.test("an area is drawn by taps, a large file is refused before it is sent", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page, faults } = await openPage(context, site);
    await page.goto(`${site.url}/ja/plan`);
    await page.waitForSelector(".drawing");
    const map = page.locator("#area-form svg.map");
    const box = await map.boundingBox();
    for (const [x, y] of [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.1, 0.1]]) await map.click({ position: { x: box.width * x, y: box.height * y } });
    await page.click("[data-undo]");
    assert.equal((await page.inputValue("#corners")).split("\n").length, 3);
    await page.click("#area-form .main");
    await page.waitForSelector("#area-answer h3");
    assert.match(await page.innerText("#area-answer"), /面積：[0-9.]+ヘクタール/);
    await page.evaluate(() => { document.querySelector("#sheet-form").dataset.limit = "10"; });
    await page.setInputFiles("#file", sheet);
    await page.click("#sheet-form .main");
    assert.match(await page.innerText("#sheet-answer [role=alert]"), /256メガバイト/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`), []);
    assert.deepEqual(faults, []);
    await context.close();
  });
});

// What only a browser can show: the live map draws, suggestions lead on, the
// sheet prints on one page, a public terminal forgets.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { colours, openBrowser, openPage, startSite } from "./site.mjs";

const inTown = "36.0230,141.5300";

test("a resident's device", async (t) => {
  const browser = await openBrowser(t);
  if (!browser) return;
  const site = await startSite();
  t.after(async () => {
    await browser.close();
    await site.stop();
  });

  // What residents look up here, and must be in no log: addresses of answers, and what was typed.
  const asked = new Set(["kawa"]);

  await t.test("the live map draws, switches a layer and answers a tap", async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    const { page, faults } = await openPage(context, site);
    page.on("request", (r) => {
      const place = /\/at\/([\d.]+),([\d.]+)/.exec(r.url());
      if (place) asked.add(place[1]).add(place[2]);
    });
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
    const classes = page.locator(".live-panel > div li");
    assert.ok((await classes.count()) > 2, "what is in view is listed in words");
    assert.equal(await classes.locator("canvas.sw").count(), await classes.count(), "each class has its swatch");
    const hazards = await page.locator(".live-panel > label input[type=checkbox]").count();
    assert.equal(await page.locator(".live-panel > details").count(), hazards, "each hazard has its legend");
    const english = /zoom|full screen|map|find my/i;
    for (const name of await page.locator("#live [aria-label], #live [title]").evaluateAll((all) => all.map((e) => e.ariaLabel ?? e.title))) {
      assert.doesNotMatch(name, english, "a control speaks English");
    }
    await page.locator(".live-canvas canvas").click({ position: { x: 300, y: 300 } });
    await page.locator(".sheet-up h1").waitFor({ timeout: 30_000 });
    assert.ok((await page.locator(".sheet-up .act h2").textContent()).length > 5);
    assert.ok(asked.size > 2, "a tap asks for a place");
    assert.deepEqual(faults, []);
    await context.close();
  });

  await t.test("without WebGL2, or on a slow software GPU, the drawn map stays", async () => {
    const devices = {
      "no WebGL2": () => {
        HTMLCanvasElement.prototype.getContext = () => null;
      },
      "slow software": () => {
        const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          const pen = real.call(this, kind, ...more);
          if (kind !== "webgl2" || !pen) return pen;
          pen.getParameter = () => "llvmpipe (LLVM 15.0)";
          pen.getExtension = () => ({ UNMASKED_RENDERER_WEBGL: 1, loseContext() {} });
          pen.readPixels = () => {
            for (const end = performance.now() + 200; performance.now() < end; );
          };
          return pen;
        };
      },
    };
    for (const [name, device] of Object.entries(devices)) {
      const context = await browser.newContext();
      await context.addInitScript(device);
      const { page, faults } = await openPage(context, site);
      await page.goto(`${site.url}/ja/map#map=12/36.02/141.53`);
      assert.equal(await page.locator("#open-live").isVisible(), false, name);
      assert.equal(await page.locator(".mapbox svg.map").isVisible(), true, name);
      assert.deepEqual(faults, [], name);
      await context.close();
    }
  });

  await t.test("suggestions lead to the answer of a town", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page, faults } = await openPage(context, site);
    await page.goto(`${site.url}/en/`);
    await page.fill("#q", "kawa");
    await page.locator(".sug li").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await Promise.all([page.waitForURL(/search|place|at/), page.keyboard.press("Enter")]);
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

  await t.test("targets are 24 px, and a new answer takes the focus", async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
    const { page } = await openPage(context, site);
    for (const path of ["ja/", `vi/at/${inTown}`, "en/shelters", "pt/help"]) {
      await page.goto(`${site.url}/${path}`);
      const small = await page.evaluate(() => [...document.querySelectorAll("a, button, summary, input")].filter((e) => {
        const box = e.getBoundingClientRect();
        const inText = e.tagName === "A" && getComputedStyle(e).display === "inline"; // WCAG 2.5.8 excepts links in sentences
        return box.height > 0 && !inText && !e.classList.contains("skip") && (box.height < 23.5 || box.width < 23.5);
      }).map((e) => e.outerHTML.slice(0, 90)));
      assert.deepEqual(small, [], path);
    }
    await page.goto(`${site.url}/ja/`);
    await page.fill("#q", inTown);
    await Promise.all([page.waitForURL(/\/at\//), page.keyboard.press("Enter")]);
    await page.waitForFunction(() => document.activeElement?.id === "result");
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

  await t.test("no tapped place and no suggestion in any log", async () => {
    const metrics = await (await fetch(`${site.admin}/metrics`)).text();
    for (const secret of asked) {
      assert.ok(!readFileSync(site.logPath, "utf8").includes(secret), `the log holds ${secret}`);
      assert.ok(!metrics.includes(secret), `the metrics hold ${secret}`);
    }
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
    await page.clock.runFor(50_000);
    assert.equal(await page.locator("dialog").evaluate((d) => d.open), false);
    await page.clock.runFor(11_000);
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

  await t.test("starts anew every night, and only once the server answers", async () => {
    const night = await browser.newContext();
    const { page: greeting } = await openPage(night, site);
    await greeting.clock.install({ time: new Date("2026-01-01T03:58:00") });
    await greeting.goto(`${site.url}/ja/kiosk`);
    let down = true;
    await greeting.route("**/readyz", (route) => (down ? route.abort() : route.continue()));
    const asked = greeting.waitForRequest("**/readyz");
    await greeting.clock.runFor(121_000);
    await asked;
    assert.match(greeting.url(), /\/ja\/kiosk$/, "the server is down: the greeting stays");
    down = false;
    await greeting.clock.runFor(11_000);
    await greeting.waitForURL(/kiosk\?/);
    await night.close();
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

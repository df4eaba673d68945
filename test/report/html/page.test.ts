/**
 * The page as Chromium shows it. With PCAPCHECK_SCREENSHOTS=FOLDER every page is saved there, at each
 * width and in each colour scheme, and as it is printed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, launch, WITHOUT_CHROMIUM } from "./browser.js";
import { PAGE_CASES, pageOf } from "./cases.js";
import { HARMLESS, HOSTILE, prefixed } from "./hostile-report.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = process.env["PCAPCHECK_SCREENSHOTS"];
const WIDTHS = [1280, 390];
const SCHEMES = ["light", "dark"] as const;
/** Made with hostile texts too. */
const PREFIXED = ["pass", "many-points"];
/** What is skipped says why. */
const MISSING = CHROMIUM === undefined ? `: ${WITHOUT_CHROMIUM}` : "";
const MAX_BYTES = 2_000_000;

interface Opened {
  readonly page: Page;
  /** What a page that needs nothing never does. */
  readonly noises: readonly string[];
}

describe.skipIf(CHROMIUM === undefined)(`in Chromium${MISSING}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "pcapcheck-html-"));
    browser = await launch();
    for (const { name, asked, report } of PAGE_CASES) {
      const made = await report();
      writeFileSync(join(folder, `${name}.html`), pageOf(made, asked));
      if (!PREFIXED.includes(name)) continue;
      for (const [kind, prefix] of Object.entries({ hostile: HOSTILE, harmless: HARMLESS })) {
        const title = { name: prefix, title: prefix, question: prefix };
        writeFileSync(join(folder, `${name}-${kind}.html`), pageOf(prefixed(made, prefix), title));
      }
    }
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Everything that it logs, throws or asks for beside itself is a noise. */
  async function open(name: string, how: Parameters<Browser["newPage"]>[0] = {}): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...how });
    const noises: string[] = [];
    const address = `file://${join(folder, name)}.html`;
    page.on("console", (message) => noises.push(message.text()));
    page.on("pageerror", ({ message }) => noises.push(message));
    page.on("request", (request) => {
      if (!request.url().startsWith(address)) noises.push(`asks for ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      noises.push(`asks ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(address);
    return { page, noises };
  }

  const LOOKS = PAGE_CASES.flatMap(({ name }) =>
    WIDTHS.flatMap((width) => SCHEMES.map((colorScheme) => ({ name, width, colorScheme }))),
  );

  test.each(LOOKS)(
    "$name at $width px, $colorScheme: fits, is accessible, loads nothing",
    async ({ name, width, colorScheme }) => {
      const { page, noises } = await open(name, { viewport: { width, height: 900 }, colorScheme });
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      if (SCREENSHOTS !== undefined) {
        const path = join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      expect(noises).toEqual([]);
      await page.close();
    },
  );

  test.each(PAGE_CASES)("$name weighs less than 2 MB", ({ name }) => {
    expect(readFileSync(join(folder, `${name}.html`)).length).toBeLessThan(MAX_BYTES);
  });

  test.each(PAGE_CASES)("$name on paper: all that is folded stands open", async ({ name }) => {
    const { page } = await open(name);
    await page.emulateMedia({ media: "print" });
    if (SCREENSHOTS !== undefined) await page.pdf({ path: join(SCREENSHOTS, `${name}.pdf`) });
    await page.setViewportSize({ width: 718, height: 900 });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await overflow(page)).toBe(0);
    const lists = page.locator("details.steps ol");
    for (const list of await lists.all()) expect(await list.isVisible()).toBe(true);
    expect(await page.locator("form").isVisible()).toBe(false);
    await page.close();
  });

  test("without script everything but the search is there, and that is said", async () => {
    const { page, noises } = await open("many-points", { javaScriptEnabled: false });
    expect(await page.locator(".needs-script").isVisible()).toBe(true);
    expect(await page.locator("form").isVisible()).toBe(false);
    expect(await page.locator("svg.ladder").count()).toBeGreaterThan(0);
    expect(await page.locator("details.steps ol").first().isVisible()).toBe(true);
    expect(await page.locator("#list tbody tr").count()).toBe(8);
    expect(noises).toEqual([]);
    await page.close();
  });

  test("ten thousand connections are searched, filtered, and opened one by one", async () => {
    const { page, noises } = await open("ten-thousand");
    const found = page.locator("#found");
    expect(await found.textContent()).toBe("10000 of 10000 connections");
    expect(await page.locator(".rows > li").count()).toBeLessThan(100);

    await page.locator("[name=words]").fill("c6");
    expect(await found.textContent()).toBe("1 of 10000 connections");
    await page.locator(".rows details summary").click();
    expect(await page.locator(".detail").textContent()).toContain("node1.cni0");

    await page.locator("[name=words]").fill("198.51.100.79:10025");
    expect(await found.textContent()).toBe("1 of 10000 connections");
    await page.locator("[name=words]").fill("no such thing");
    expect(await found.textContent()).toBe("0 of 10000 connections");

    await page.locator("[name=words]").fill("");
    await page.locator("[name=verdict]").selectOption("fail");
    expect(await found.textContent()).toBe("2000 of 10000 connections");
    await page.locator("[name=failure]").selectOption({ index: 1 });
    expect(await found.textContent()).toBe("500 of 10000 connections");
    await page.getByRole("button", { name: /^show 25 more/ }).click();
    expect(await page.locator(".rows > li").count()).toBe(50);
    expect(noises).toEqual([]);
    await page.close();
  });

  test("a failure leads to its connections, by keyboard alone", async () => {
    const { page } = await open("many-points");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("to the connections");
    const order = new Set<string>();
    for (let presses = 0; presses < 60; presses++) {
      const text = await focused(page);
      order.add(text);
      if (text.startsWith("list")) break;
      await page.keyboard.press("Tab");
    }
    expect([...order].filter((text) => text.startsWith("PC"))).toHaveLength(4);
    await page.keyboard.press("Enter");
    expect(await page.locator("#found").textContent()).toBe("4 of 8 connections");
    expect(await page.evaluate("document.activeElement.name")).toBe("words");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toMatch(/fail: \d/);
    await page.close();
  });

  test("whatever has the focus shows it", async () => {
    const { page } = await open("pass");
    const outlines = [];
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press("Tab");
      outlines.push(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"));
    }
    expect(new Set(outlines)).toEqual(new Set(["solid"]));
    await page.close();
  });

  test.each(PREFIXED)("%s: hostile texts make no element and run no script", async (name) => {
    const tame = await open(`${name}-harmless`);
    const wild = await open(`${name}-hostile`);
    await openAll(tame.page);
    await openAll(wild.page);
    expect(await elements(wild.page)).toEqual(await elements(tame.page));
    expect(await wild.page.title()).not.toBe("broken");
    expect(wild.noises).toEqual([]);
    const shown = await wild.page.locator("main").innerText();
    expect(shown.replaceAll(/[\n\t]/g, "").match(/.?[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)).toBeNull();
    for (const width of WIDTHS) {
      await wild.page.setViewportSize({ width, height: 900 });
      expect(await overflow(wild.page)).toBe(0);
    }
    await tame.page.close();
    await wild.page.close();
  });
});

/** Of every connection its details: browsers tell a script later that something was opened. */
async function openAll(page: Page): Promise<void> {
  const count = Number.parseInt((await page.locator("#found").textContent()) ?? "", 10);
  const rows = page.locator(".rows details");
  await expect.poll(() => rows.count()).toBe(count);
  for (const row of await rows.all()) await row.locator("summary").click();
  await expect.poll(() => page.locator(".detail").count()).toBe(count);
}

/** CSS pixels by which the page is wider than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(
    `axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) =>
        [id, target.join(" "), failureSummary].join(": "))))`,
  );
}

function focused(page: Page): Promise<string> {
  return page.evaluate<string>("document.activeElement.textContent.trim()");
}

/** How many there are of each, and of each attribute. */
function elements(page: Page): Promise<Readonly<Record<string, number>>> {
  return page.evaluate<Record<string, number>>(`(() => {
    const counts = {};
    const count = (name) => { counts[name] = (counts[name] ?? 0) + 1; };
    for (const element of document.querySelectorAll("*")) {
      count(element.tagName);
      for (const { name } of element.attributes) count("@" + name);
    }
    return counts;
  })()`);
}

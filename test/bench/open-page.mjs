/** How long a browser takes to open a page of `-o html`, its script included. */
import { chromium } from "playwright-core";

/**
 * @param {{ file: string, executablePath: string, rounds: number }} page
 * @returns {Promise<number[]>} milliseconds from the start of navigation to the end of loading
 */
export async function openPage({ file, executablePath, rounds }) {
  const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox"] });
  try {
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(`file://${file}`);
      times.push(await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"));
      await page.close();
    }
    return times;
  } finally {
    await browser.close();
  }
}

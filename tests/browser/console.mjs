// Pages of the console in Chromium: opened, looked at, photographed.

import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const PHONE = { name: "phone", viewport: { width: 390, height: 844 } };
export const DESK = { name: "desk", viewport: { width: 1280, height: 800 } };

/** A page without pictures weighs no more. */
const WEIGHT_MAX = 100 * 1024;

export class Console {
  static async open({ url, modules, chromium, shots, link }, checks) {
    const require = createRequire(join(modules, "/"));
    const { chromium: driver } = require("playwright-core");
    const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    // The sandbox of Chromium needs what containers do not give.
    const browser = await driver.launch({ executablePath: chromium, args: ["--no-sandbox"] });
    if (shots) mkdirSync(shots, { recursive: true });
    return Object.assign(new Console(), { browser, url, axe, shots, checks, link });
  }

  close() {
    return this.browser.close();
  }

  /** A browser of its own: nobody is logged in. */
  async visitor({ size = DESK, language = "es", light = "light" } = {}) {
    const context = await this.browser.newContext({
      viewport: size.viewport,
      locale: language === "es" ? "es-ES" : "en-GB",
      colorScheme: light,
      reducedMotion: "reduce",
      isMobile: size === PHONE,
      hasTouch: size === PHONE,
    });
    return new Visitor(this, context, await context.newPage(), `${size.name} ${language} ${light}`);
  }

  /** Somebody who came in by a one-time code. */
  async login(code, options) {
    const visitor = await this.visitor(options);
    await visitor.go(`/welcome?code=${code}&next=/overview`);
    await visitor.page.getByRole("main").getByRole("button").click();
    return visitor;
  }

  /** Another look at the same session. */
  async like(visitor, options) {
    const other = await this.visitor(options);
    await other.context.addCookies(await visitor.context.cookies());
    return other;
  }
}

class Visitor {
  constructor(site, context, page, name) {
    Object.assign(this, { site, context, page, name, errors: [], weight: 0 });
    // A page that is refused on purpose is no error of the console's.
    page.on("console", (said) => {
      const refused = /status of (403|404|422|429)/.test(said.text());
      if (["error", "warning"].includes(said.type()) && !refused) this.errors.push(said.text());
    });
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("dialog", (dialog) => {
      this.errors.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(site.url)) this.errors.push(`asks ${request.url()}`);
    });
  }

  close() {
    return this.context.close();
  }

  async go(path) {
    const answer = await this.page.goto(this.site.url + path);
    this.weight = (await answer.body()).length;
    return answer.status();
  }

  path() {
    const url = new URL(this.page.url());
    return url.pathname + url.search;
  }

  /** What must hold of any page; `what` names it. */
  async look(what) {
    const { checks, axe, shots } = this.site;
    const name = `${what}, ${this.name}`;
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => {
      // What is folded away is looked at too, and folded again.
      const folded = [...document.querySelectorAll("details:not([open])")];
      for (const details of folded) details.open = true;
      const told = await window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      });
      for (const details of folded) details.open = false;
      return told;
    });
    const told = found.violations.map((of) => `${of.id}: ${of.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
    checks.check(`${name}: accessible`, told.length === 0, told.join("\n"));
    checks.check(`${name}: no console error`, this.errors.length === 0, this.errors.join("\n"));
    this.errors = [];
    const wide = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.scrollingElement;
      return scrollWidth - clientWidth;
    });
    checks.check(`${name}: fits its width`, wide <= 0, `${wide} px too wide`);
    checks.check(`${name}: weighs little`, this.weight <= WEIGHT_MAX, `${this.weight} bytes`);
    if (shots) await this.shot(name);
  }

  async shot(name) {
    const file = `${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`;
    await this.page.screenshot({ path: join(this.site.shots, file), fullPage: true });
  }
}

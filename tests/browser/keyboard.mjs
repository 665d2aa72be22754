// The main paths without a mouse.

import { firstOf } from "./looks.mjs";

export async function keyboard({ site, relay, checks }) {
  const code = relay.codeFor("Teo Roca", "manager");
  const visitor = await site.visitor({ language: "en" });
  const { page } = visitor;
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      return {
        id: at.id,
        text: (at.innerText || at.getAttribute("aria-label") || at.name || "").trim(),
        seen: outlineStyle !== "none" && outlineWidth !== "0px" && box.bottom > 0 && box.top < innerHeight,
        body: at === document.body,
      };
    });
  const tabTo = async (is) => {
    for (let step = 0; step < 200; step++) {
      await press("Tab");
      if (is(await focused())) return true;
    }
    return false;
  };

  await visitor.go(`/welcome?code=${code}`);
  checks.check("keyboard: to the button that logs in", await tabTo((at) => at.text === "Log in"));
  await press("Enter");
  await page.waitForURL("**/account/password");
  checks.check("keyboard: to the login name", await tabTo((at) => at.id === "name"));
  await page.keyboard.type("teo");
  await press("Tab");
  await page.keyboard.type("un camino largo y sin asfaltar");
  await press("Enter");
  await page.waitForURL("**/overview");

  await press("Tab");
  checks.equal("keyboard: the first stop skips to the content", (await focused()).text, "Skip to the content");
  await press("Enter");
  checks.equal("keyboard: and it does", (await focused()).id, "content");

  for (const path of ["/overview", "/clients", await firstOf(visitor, "/clients?only=conflicts"), "/work", "/work/plan", "/work/notices", "/attention", "/people", "/data", "/account"]) {
    await visitor.go(path);
    await round(page, focused, checks, `keyboard: ${path.replace(/[0-9A-Z]{26}/, "ID")}`);
  }

  await visitor.go("/overview");
  checks.check("keyboard: to the clients", await tabTo((at) => at.text === "Clients"));
  await press("Enter");
  await page.waitForURL("**/clients");
  checks.check("keyboard: to the filter", await tabTo((at) => at.id === "only"));
  await page.keyboard.type("With two");
  checks.check("keyboard: to the button that filters", await tabTo((at) => at.text === "Show"));
  await press("Enter");
  await page.waitForURL("**only=conflicts**");
  const name = await page.locator("tbody th a").first().innerText();
  checks.check("keyboard: to the client with two values", await tabTo((at) => at.text === name));
  await press("Enter");
  await page.waitForURL("**/clients/*");
  checks.equal("keyboard: on its page", await page.locator("h1 bdi").innerText(), name);
  await visitor.close();
}

/** Every stop once, each of them seen, and out at the end: no trap. */
async function round(page, focused, checks, what) {
  const stops = await page.evaluate(() => {
    const can = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
    const open = (at) => at.checkVisibility() && !at.closest("details:not([open]) > :not(summary)");
    return [...document.querySelectorAll(can)].filter((at) => open(at)).length;
  });
  let visited = 0;
  let first;
  const unseen = [];
  for (; visited < stops + 20; visited++) {
    await page.keyboard.press("Tab");
    const at = await focused();
    first ??= at.text;
    // Behind the last stop comes the page itself, or the first stop again.
    if (at.body || (visited > 0 && at.text === first)) break;
    if (!at.seen) unseen.push(at.text || at.id);
  }
  // A date field has a stop for each of its parts.
  checks.check(`${what}: every stop is reached and left`, visited >= stops && visited < stops + 20, `${visited} of ${stops}`);
  checks.check(`${what}: where the focus is can be seen`, unseen.length === 0, unseen.join(", "));
}

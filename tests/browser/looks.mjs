// Every page: in both languages, both lights and two widths.

import { DESK, PHONE } from "./console.mjs";

/** Pages that anybody opens. */
const OPEN = { login: "/login", code: "/welcome", link: "/welcome?code=0000" };

export async function looks({ site, relay, checks }) {
  const code = relay.codeFor("Marta Vidal", "administrator");
  const first = await site.login(code, {});
  const pages = {
    account: "/account",
    password: "/account/password",
    overview: "/overview",
    clients: "/clients",
    work: "/work",
    "work by territory": "/work?by=territory",
    orders: "/work/orders",
    "an order": await firstRow(first, "/work/orders"),
    "the visit plan": "/work/plan?classes=1",
    notices: "/work/notices",
    attention: "/attention",
    people: "/people",
    data: "/data",
    audit: "/data/audit",
    settings: "/data/settings",
    help: "/help",
    "a lesson": "/help/dormant",
    "a rep": await firstRow(first, "/people"),
    "clients who are late": "/clients?only=late&sort=at_stake",
    "no client": "/clients?q=nobodyiscalledso",
    "a client": await firstOf(first, "/clients?only=late&sort=at_stake"),
    "a client with two values": await firstOf(first, "/clients?only=conflicts"),
    "one client's data": `${await firstOf(first, "/clients")}/privacy`,
    "nothing there": "/clients/00000000000000000000000001",
    "a wrong date": "/overview?as_of=tomorrow",
  };
  await first.go("/account/password");
  await first.page.fill("#name", "marta");
  await first.page.fill("#new", "la furgoneta verde no arranca");
  await first.page.locator("main button.primary").click();
  pages["second step"] = "/account/second";
  const ways = [PHONE, DESK].flatMap((size) =>
    ["es", "en"].flatMap((language) => ["light", "dark"].map((light) => ({ size, language, light }))),
  );
  // Two at once: the browser and this program have a processor each.
  const worker = async () => {
    for (let way = ways.shift(); way; way = ways.shift()) await inOneWay(site, checks, first, pages, way);
  };
  await Promise.all([worker(), worker()]);
  await first.close();
}

async function inOneWay(site, checks, first, pages, way) {
  const stranger = await site.visitor(way);
  for (const [what, path] of Object.entries(OPEN)) {
    await stranger.go(path);
    await stranger.look(what);
  }
  await stranger.close();
  const visitor = await site.like(first, way);
  for (const [what, path] of Object.entries(pages)) {
    await visitor.go(path);
    checks.equal(`${what} is in ${way.language}`, await visitor.page.getAttribute("html", "lang"), way.language);
    await visitor.look(what);
  }
  await visitor.close();
}

/** The page of the first person who is listed. */
async function firstRow(visitor, list) {
  await visitor.go(list);
  return visitor.page.locator("ul.rows a").first().getAttribute("href");
}

/** The page of the first client in a list. */
export async function firstOf(visitor, list) {
  await visitor.go(list);
  return visitor.page.locator("tbody th a").first().getAttribute("href");
}

// Names that are made to break pages: they show as they are, run nowhere and push nothing out of its place.

import { DESK, PHONE } from "./console.mjs";

const NAMES = [
  "'; DROP TABLE clients; --",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg/onload=alert(1)>',
  "&lt;b&gt; & <b>",
  "{{ 7 * 7 }} ${7*7}",
  '=HYPERLINK("http://evil.example";"click")',
  "@SUM(A1:A9)",
  "بقالة السعادة",
  "\u202eesrever",
  "Añó Ünïçødé €",
  "👩‍🌾🍇 Frutería",
  "0123456789".repeat(20),
  "palabra ".repeat(25).trim(),
];

/** They come before anybody looks: the list is of figures that are computed now and then. */
export function prepareNames(relay) {
  relay.importClients(NAMES.map((name, at) => [`BROWSER${String(at).padStart(2, "0")}`, name]), "names");
}

export async function names({ site, relay, checks }) {
  const code = relay.codeFor("Nora Sanz", "manager");
  const first = await site.login(code, {});
  for (const size of [PHONE, DESK]) {
    const visitor = await site.like(first, { size });
    for (const [at, name] of NAMES.entries()) {
      const what = `the name ${JSON.stringify(name.slice(0, 24))}`;
      await visitor.go(`/clients?q=BROWSER${String(at).padStart(2, "0")}`);
      const link = visitor.page.locator("tbody th a");
      checks.equal(`${what} in the list`, await link.allInnerTexts(), [name]);
      await visitor.look(`${what} in the list`);
      await link.click();
      checks.equal(`${what} on its page`, await visitor.page.locator("h1 bdi").innerText(), name);
      checks.equal(`${what} as a title`, await visitor.page.title(), `${name} · Cartera`);
      await visitor.look(`${what} on its page`);
    }
    await visitor.close();
  }
  await first.close();
}

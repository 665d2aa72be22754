// What people do in the console, as they would do it.

import { PHONE } from "./console.mjs";
import { firstOf } from "./looks.mjs";

const PASSWORD = "tres gatos duermen en la nevera";

export async function actions(all) {
  await comingIn(all);
  await choices(all);
  await demo(all);
  await aClient(all);
  await sessions(all);
}

/** The link that the demo ends with logs a manager in, to a page that says what the portfolio is worth. */
async function demo({ site, checks, given }) {
  const visitor = await site.visitor({ size: PHONE });
  const { page } = visitor;
  await visitor.go(new URL(given.link).pathname + new URL(given.link).search);
  await page.getByRole("main").getByRole("button", { name: "Entrar" }).click();
  checks.equal("the demo's link leads to the overview", visitor.path(), "/overview");
  const headings = await page.getByRole("heading", { level: 2 }).allInnerTexts();
  const told = ["A quién visitar esta semana", "Valor", "Movimiento", "Riesgo", "Cobertura", "La voz del cliente"];
  checks.check("it tells what a newcomer asks", told.every((one) => headings.includes(one)), headings.join(", "));
  checks.check("with a chart", (await page.locator("svg.columns rect").count()) > 10);
  await page.getByText("Ver los números").first().click();
  checks.check("whose numbers are one click away", await page.locator("details[open] table").first().isVisible());
  await page.locator("main table a").first().click();
  checks.check("and each client one more", /^\/clients\/[0-9A-Z]{26}$/.test(visitor.path()), visitor.path());
  await visitor.close();
}

async function comingIn({ site, relay, checks }) {
  const code = relay.codeFor("Iria Lema", "manager");
  const visitor = await site.visitor({});
  const { page } = visitor;
  await visitor.go("/clients");
  checks.equal("a stranger is asked who it is", visitor.path(), "/login?next=%2Fclients");
  await page.getByLabel("Usuario").fill("iria");
  await page.getByLabel("Contraseña").fill("no es esta");
  await page.getByRole("button", { name: "Entrar" }).click();
  checks.check("a wrong password is told", await page.getByRole("alert").isVisible());
  checks.equal("what was typed is kept", await page.getByLabel("Usuario").inputValue(), "iria");
  checks.equal("but not the password", await page.getByLabel("Contraseña").inputValue(), "");
  await page.getByText("Tengo un código de acceso").click();
  await page.getByLabel("Código de acceso").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Entrar" }).click();
  checks.equal("a code leads to a password", visitor.path(), "/account/password");
  await page.getByLabel("Usuario").fill("iria lema");
  await page.getByLabel("Contraseña nueva").fill("1234567890");
  await page.getByRole("button", { name: "Guardar" }).click();
  const told = await page.locator(".error").allInnerTexts();
  checks.equal("what cannot be used is told beside each field", told.length, 2);
  await visitor.look("a form with errors");
  await page.getByLabel("Usuario").fill("iria");
  await page.getByLabel("Contraseña nueva").fill(PASSWORD);
  await page.getByRole("button", { name: "Guardar" }).click();
  checks.equal("then it leads to the overview", visitor.path(), "/overview");
  const cookies = await visitor.context.cookies();
  const session = cookies.find((cookie) => cookie.name.endsWith("session"));
  checks.check("no script reads the session", session.httpOnly && session.sameSite === "Lax");
  await visitor.close();

  const again = await site.visitor({});
  await again.go("/login?next=/clients");
  await again.page.getByLabel("Usuario").fill("Iria");
  await again.page.getByLabel("Contraseña").fill(PASSWORD);
  await again.page.getByRole("button", { name: "Entrar" }).click();
  checks.equal("the password leads where it was going", again.path(), "/clients");
  await again.close();
}

async function choices({ site, checks }) {
  const visitor = await site.visitor({ language: "en", light: "light" });
  const { page } = visitor;
  await visitor.go("/login");
  const dark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await dark();
  await page.getByRole("button", { name: "Dark" }).click();
  checks.check("dark is chosen", (await dark()) !== before);
  await page.getByRole("button", { name: "Español" }).click();
  checks.equal("Spanish is chosen", await page.getAttribute("html", "lang"), "es");
  checks.equal("on the page where one was", visitor.path(), "/login");
  await visitor.close();
}

async function aClient({ site, relay, checks }) {
  const visitor = await site.login(relay.codeFor("Uxía Pena", "manager"), {});
  const { page } = visitor;
  const path = await firstOf(visitor, "/clients?only=conflicts");
  await visitor.go(path);
  const card = page.locator(".attention").first();
  const kept = await card.locator("li strong").nth(1).innerText();
  await card.getByRole("button").nth(1).click();
  checks.check("a value is chosen", (await page.getByRole("status").innerText()).includes("Elegido"));
  checks.equal("and stays alone", await page.locator(".attention").count(), 0);
  checks.check("in the profile", (await page.locator(".profile").first().innerText()).includes(kept));
  checks.check("with who chose it", (await page.locator(".profile").first().innerText()).includes("Uxía Pena"));
  const here = await page.locator("#territory option:checked").innerText();
  const others = await page.locator("#territory option:not(:checked)").allInnerTexts();
  await page.getByLabel("Zona", { exact: true }).selectOption({ label: others[others.length - 1] });
  await page.getByRole("button", { name: "Mover" }).click();
  checks.check("it is moved", (await page.getByRole("status").innerText()).includes("ha cambiado de zona"));
  await page.getByRole("button", { name: "Deshacer" }).click();
  checks.equal("and back", await page.locator("#territory option:checked").innerText(), here);
  await visitor.look("after a move");
  await visitor.close();
}

async function sessions({ site, checks }) {
  const log = async () => {
    const visitor = await site.visitor({});
    await visitor.go("/login");
    await visitor.page.getByLabel("Usuario").fill("iria");
    await visitor.page.getByLabel("Contraseña").fill(PASSWORD);
    await visitor.page.getByRole("button", { name: "Entrar" }).click();
    return visitor;
  };
  const [one, other] = [await log(), await log()];
  await one.go("/account");
  const list = one.page.locator("#sessions ~ ul li");
  const before = await list.count();
  checks.check("sessions are listed by browser", (await list.first().innerText()).includes("Chrome, Linux"));
  await list.filter({ hasNotText: "Esta" }).first().getByRole("button").click();
  checks.equal("one is ended", await one.page.locator("#sessions ~ ul li").count(), before - 1);
  await other.go("/account");
  checks.check("and is out", other.path().startsWith("/login"), other.path());
  await one.page.getByRole("button", { name: "Cerrar sesión" }).click();
  checks.equal("whoever logs out is out", one.path(), "/login");
  await one.close();
  await other.close();
}

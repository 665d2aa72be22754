// What the back office, managers and administrators do all day, at each width: look into what needs them, answer orders,
// say who is away, publish, let somebody in, hand out codes and tokens.

import { DESK, PHONE } from "./console.mjs";

const twin = (size) => `Bar Repetido ${size.name}`;

/** Two clients with one tax id, for each width: likely duplicates are looked for now and then, so they come first. */
export function prepareOffice(relay) {
  const taxIds = [[PHONE, "B12345674"], [DESK, "A58818501"]];
  const rows = taxIds.flatMap(([size, taxId]) => ["UNO", "DOS"].map((code) => [`${code}-${size.name}`, twin(size), taxId]));
  relay.importClients(rows, "twins");
}

export async function office(all) {
  for (const size of [PHONE, DESK]) {
    const code = all.relay.codeFor(`Sara Mas, ${size.name}`, "administrator");
    const visitor = await all.site.login(code, { size });
    const told = { ...all, size, visitor, page: visitor.page, main: visitor.page.getByRole("main") };
    for (const part of [attention, orders, absences, notices, people, data]) {
      try {
        await part(told);
      } catch (error) {
        all.checks.failed(`${part.name}, ${size.name}, came to its end`, error.stack);
      }
    }
    await visitor.close();
  }
}

const status = (page) => page.getByRole("status").first().innerText();

async function attention({ visitor, page, main, checks, size }) {
  const name = twin(size);
  const pair = main.locator("li").filter({ hasText: name });
  await visitor.go("/attention");
  await visitor.look("what to look at");
  await pair.getByRole("button", { name: `Conservar ${name}` }).first().click();
  checks.equal(`attention, ${size.name}: two are merged`, (await status(page)).split("\n")[0], "Las fichas están unificadas.");
  checks.equal(`attention, ${size.name}: and gone from the list`, await pair.count(), 0);
  await main.getByRole("button", { name: "Deshacer" }).click();
  checks.check(`attention, ${size.name}: and taken apart`, /^\/clients\//.test(visitor.path()), visitor.path());
  await visitor.go("/attention");
  checks.equal(`attention, ${size.name}: there again`, await pair.count(), 1);
  const file = page.waitForEvent("download");
  const refused = main.getByRole("link", { name: "Guardar el cambio tal como llegó" }).first();
  if ((await refused.count()) > 0) {
    await refused.click();
    checks.check(`attention, ${size.name}: refused work is saved`, (await (await file).failure()) === null);
  } else {
    file.catch(() => {});
    checks.failed(`attention, ${size.name}: the demo has refused work`);
  }
}

async function orders({ visitor, page, main, checks, size }) {
  await visitor.go("/work/orders?stage=received");
  const path = await main.locator("ul.rows a").first().getAttribute("href");
  await visitor.go(path);
  await visitor.look("an order that waits");
  const declines = size === PHONE;
  const [field, button] = declines
    ? ["Motivo para no aceptarlo", "No aceptar"]
    : ["Número en el ERP", "Registrado con este número"];
  await page.getByLabel(field).fill("   ");
  await page.getByRole("button", { name: button }).click();
  checks.equal(`orders, ${size.name}: what is missing is told`, await page.locator(".error").count(), 1);
  await visitor.look("an order whose answer was refused");
  await page.getByLabel(field).fill(declines ? "Sin existencias hasta enero" : `P-${size.name}`);
  await page.getByRole("button", { name: button }).click();
  const said = await status(page);
  checks.check(`orders, ${size.name}: it is answered`, said.startsWith("El pedido"), said);
  checks.equal(`orders, ${size.name}: once`, await page.getByRole("button", { name: button }).count(), 0);
  if (declines) {
    await visitor.go("/work/orders");
    checks.check(
      `orders, ${size.name}: what was declined stands first`,
      (await main.locator("ul.rows li").first().innerText()).includes("Sin existencias hasta enero"),
    );
  }
}

async function absences({ visitor, page, main, checks, size }) {
  await visitor.go("/work/plan");
  await page.getByLabel("Quién no está").selectOption({ label: "Ana" });
  await page.getByLabel("Primer día").fill("2090-08-20");
  await page.getByLabel("Último día").fill("2090-08-10");
  await page.getByRole("button", { name: "Guardar" }).click();
  checks.check(
    `absences, ${size.name}: the wrong day is told beside it`,
    (await page.locator("#to-error").innerText()).startsWith("El final es anterior"),
  );
  checks.equal(`absences, ${size.name}: what was typed is kept`, await page.getByLabel("Primer día").inputValue(), "2090-08-20");
  await visitor.look("an absence with an error");
  await page.getByLabel("Último día").fill("2090-08-31");
  await page.getByLabel("Sustitución").selectOption({ label: "Luis" });
  await page.getByRole("button", { name: "Guardar" }).click();
  const row = main.locator("li").filter({ hasText: "20 ago 2090" });
  checks.check(`absences, ${size.name}: it is listed`, (await row.innerText()).includes("sustituye Luis"));
  await row.getByRole("button", { name: "Quitar" }).click();
  checks.equal(`absences, ${size.name}: and taken away`, await row.count(), 0);
}

async function notices({ visitor, page, main, checks, size }) {
  const title = `Inventario ${size.name}`;
  await visitor.go("/work/notices");
  await page.getByLabel("Título").fill(title);
  await page.getByLabel("Texto").fill("El almacén cierra el lunes.\nPedid antes.");
  await page.getByRole("button", { name: "Publicar" }).click();
  const notice = main.locator("section").filter({ hasText: title });
  checks.check(`notices, ${size.name}: it is published`, (await notice.innerText()).includes("Leído por 0 de 3"));
  await notice.locator("summary").click();
  checks.check(`notices, ${size.name}: who has not read it`, (await notice.innerText()).includes("Ana"));
  await visitor.look("a notice that nobody has read");
  await notice.getByRole("button", { name: `Retirar: ${title}` }).click();
  checks.equal(`notices, ${size.name}: and withdrawn`, await notice.count(), 0);
}

async function people({ visitor, page, main, checks, size, site }) {
  const name = `Noa Prieto ${size.name}`;
  await visitor.go("/people");
  await page.getByLabel("Zona nueva").fill(`Costa ${size.name}`);
  await page.getByRole("button", { name: "Añadir zona" }).click();
  checks.equal(`people, ${size.name}: a territory`, await status(page), "Las zonas están guardadas.");
  await page.getByLabel("Nombre", { exact: true }).fill(name);
  await page.getByLabel("Zona", { exact: true }).selectOption({ label: `Costa ${size.name}` });
  await page.getByRole("button", { name: "Añadir", exact: true }).click();
  checks.equal(`people, ${size.name}: somebody new`, await status(page), "Añadido.");
  await visitor.look("somebody new");
  const path = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Vincular móvil" }).click();
  checks.check(`people, ${size.name}: a code to scan`, await main.getByRole("img", { name: "Código QR" }).isVisible());
  await visitor.look("a code that links a phone");
  await visitor.go(path);
  await page.getByRole("button", { name: "Código de acceso a la consola" }).click();
  const link = (await main.locator("code").last().innerText()).trim();
  const theirs = await site.visitor({ size });
  await theirs.page.goto(link);
  await theirs.page.getByRole("main").getByRole("button", { name: "Entrar" }).click();
  checks.equal(`people, ${size.name}: the link logs in`, theirs.path(), "/account/password");
  await visitor.go(path);
  await page.getByLabel("Función").selectOption({ label: "Jefe/a de ventas" });
  await page.getByLabel("Todas las zonas").check();
  await page.getByRole("button", { name: "Guardar" }).click();
  checks.check(`people, ${size.name}: a manager now`, (await page.locator("h1").innerText()).includes("Jefe/a de ventas"));
  await page.getByRole("button", { name: "Ya no trabaja aquí" }).click();
  checks.check(`people, ${size.name}: works here no more`, (await page.locator("h1").innerText()).includes("Ya no trabaja aquí"));
  await theirs.go("/account");
  checks.check(`people, ${size.name}: and is out`, theirs.path().startsWith("/login"), theirs.path());
  await theirs.close();
}

async function data({ visitor, page, main, checks, size, site }) {
  const name = `Power BI ${size.name}`;
  await visitor.go("/data");
  await page.getByLabel("Para qué programa").fill(name);
  await page.getByRole("button", { name: "Crear la clave" }).click();
  checks.check(`data, ${size.name}: what is missing is told`, await page.locator("#scopes-error").isVisible());
  checks.equal(`data, ${size.name}: what was typed is kept`, await page.getByLabel("Para qué programa").inputValue(), name);
  await visitor.look("a token with an error");
  await page.getByLabel("Leer exportaciones y cifras").check();
  await page.getByRole("button", { name: "Crear la clave" }).click();
  const token = (await main.locator("code").first().innerText()).trim();
  await visitor.look("a token that is shown once");
  const ask = async () => {
    const answer = await fetch(`${site.url}/v1/export`, { headers: { authorization: `Bearer ${token}` } });
    return answer.status;
  };
  checks.equal(`data, ${size.name}: it is good`, await ask(), 200);
  await visitor.go("/data");
  const row = main.locator("li").filter({ hasText: name });
  checks.check(`data, ${size.name}: and never shown again`, !(await main.innerText()).includes(token));
  await row.getByRole("button", { name: "Anular" }).click();
  checks.equal(`data, ${size.name}: then it is not`, await ask(), 403);
  const file = page.waitForEvent("download");
  await main.locator('a[href="/data/exports/clients.xlsx"]').click();
  checks.check(`data, ${size.name}: a workbook comes`, (await (await file).failure()) === null);
  await visitor.go("/data/audit");
  const audit = await main.innerText();
  checks.check(`data, ${size.name}: all of it is in the audit`, ["token.revoked", "export.begun"].every((one) => audit.includes(one)));
}

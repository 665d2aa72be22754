// The relay's own command line, beside the one that serves.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export class Relay {
  constructor({ relay, data, work, url }) {
    Object.assign(this, { program: relay, data, work, url });
  }

  run(...args) {
    const options = { encoding: "utf8", env: { ...process.env, LANG: "en_GB.UTF-8" } };
    return execFileSync(this.program, [...args, "--data-dir", this.data], options);
  }

  /** A login code for somebody new of that role. */
  codeFor(name, role) {
    this.run("people", "add", name, "--role", role);
    return this.run("login", name, "--public-url", this.url).match(/[0-9A-Z]{5}(-[0-9A-Z]{1,5})+/)[0];
  }

  /** Clients by code and name, and tax id where there is one. */
  importClients(rows, source) {
    const cell = (text) => `"${text.replaceAll('"', '""')}"`;
    const lines = rows.map((row) => row.map(cell).join(";"));
    const file = join(this.work, `${source}.csv`);
    writeFileSync(file, ["codigo;nombre;nif".split(";").slice(0, rows[0].length).join(";"), ...lines].join("\n") + "\n");
    return this.run("import", file, "--kind", "clients", "--source", source);
  }
}

// The console in Debian's Chromium, as its users meet it: every page in both languages, both lights and two widths, with
// axe-core; then what people do there, with the mouse and by keyboard alone; then names that are made to break pages.
//
// Each check prints `ok` or `FAILED`; the last line counts them.

import { parseArgs } from "node:util";

import { Checks } from "./checks.mjs";
import { Console } from "./console.mjs";
import { looks } from "./looks.mjs";
import { actions } from "./actions.mjs";
import { keyboard } from "./keyboard.mjs";
import { names, prepareNames } from "./names.mjs";
import { office, prepareOffice } from "./office.mjs";
import { Relay } from "./relay.mjs";

const { values: given } = parseArgs({
  options: {
    url: { type: "string" }, // of the relay
    relay: { type: "string" }, // the program
    data: { type: "string" }, // its folder
    link: { type: "string" }, // that logs the demo's manager in
    modules: { type: "string" }, // node_modules
    chromium: { type: "string" },
    work: { type: "string" },
    shots: { type: "string", default: "" }, // keeps pictures here
    only: { type: "string", default: "" }, // parts, joined by commas
  },
});

const parts = { looks, keyboard, actions, office, names };
const wanted = given.only ? given.only.split(",") : Object.keys(parts);
const checks = new Checks();
const relay = new Relay(given);
prepareNames(relay);
prepareOffice(relay);
const site = await Console.open(given, checks);
try {
  for (const name of wanted) {
    try {
      await parts[name]({ site, relay, checks, given });
    } catch (error) {
      checks.failed(`${name} came to its end`, error.stack);
    }
  }
} finally {
  await site.close();
}
checks.end();

// A client's document as another build of Automerge reads it: heads, changes and fields, as JSON.
//   node document.mjs NODE_MODULES FILE ...
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(modules + "/");
const Automerge = require("@automerge/automerge");

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const scalar = (value) => {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof Date) return { timestamp: value.getTime() };
  if (typeof value === "boolean") return { boolean: value };
  if (typeof value === "number" || typeof value === "bigint") return { int: Number(value) };
  // Texts that nobody edits letter by letter have a type of their own there.
  return { text: typeof value === "string" ? value : value.val };
};

const out = files.map((file) => {
  const document = Automerge.load(new Uint8Array(readFileSync(file)));
  const fields = {};
  const conflicts = {};
  for (const key of Object.keys(document)) {
    fields[key] = scalar(document[key]);
    const all = Automerge.getConflicts(document, key);
    if (all) conflicts[key] = Object.fromEntries(Object.entries(all).map(([id, value]) => [id, scalar(value)]));
  }
  const changes = Automerge.getAllChanges(document).map((bytes) => {
    const change = Automerge.decodeChange(bytes);
    return { hash: change.hash, actor: change.actor, seq: change.seq, time: change.time, deps: change.deps };
  });
  // What it saves, it loads again.
  const again = Automerge.load(Automerge.save(document));
  const heads = Automerge.getHeads(document).toSorted();
  if (Automerge.getHeads(again).toSorted().join() !== heads.join()) throw new Error(`${file}: saved otherwise`);
  return { file, heads, fields, conflicts, changes };
});
console.log(JSON.stringify(out));

// Asks caniemail what the mail programs of our readers do not understand: paths of HTML files and of caniemail's
// index.js in, one line of JSON out: {path: [[feature, program, "none" or "partial", [note, …]], …]}.
import { readFileSync } from "node:fs";

const PROGRAMS = ["gmail", "outlook", "apple-mail", "thunderbird"];
const UNTRIED = { 0: "y" };

const [caniemail, ...paths] = process.argv.slice(2);
const { caniemail: judge, rawData } = await import(caniemail);

// Where nobody has tried a feature in a program there is no verdict, and caniemail would stop.
const places = new Map(PROGRAMS.map((program) => [program, new Set()]));
for (const { stats } of rawData.data) {
  for (const program of PROGRAMS) Object.keys(stats[program] ?? {}).forEach((place) => places.get(program).add(place));
}
for (const { stats } of rawData.data) {
  for (const [program, names] of places) {
    stats[program] ??= {};
    for (const name of names) if (!Object.keys(stats[program][name] ?? {}).length) stats[program][name] = UNTRIED;
  }
}

const clients = PROGRAMS.map((program) => `${program}.*`);
const said = {};
for (const path of paths) {
  const { issues } = judge({ clients, html: readFileSync(path, "utf8") });
  const found = [issues.errors, issues.warnings].flatMap((kind) =>
    [...kind].flatMap(([program, list]) => list.map((each) => [each.title, program, each.support, each.notes])),
  );
  said[path] = [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
console.log(JSON.stringify(said));

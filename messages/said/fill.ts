import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { saidTemplates } from "./templates";

/** Brings said.zh.json up to the sources: new sentences come with an empty translation, those nobody says any more go. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const file = fileURLToPath(new URL("../said.zh.json", import.meta.url));
const known = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
const templates = saidTemplates(root);
const filled = Object.fromEntries(templates.map(({ text }) => [text, known[text] ?? ""]));
writeFileSync(file, `${JSON.stringify(filled, null, "\t")}\n`);
const open = templates.filter(({ text }) => filled[text] === "");
const dead = Object.keys(known).filter((text) => filled[text] === undefined);
process.stdout.write(open.map(({ text, at }) => `${at}: ${JSON.stringify(text)}\n`).join(""));
process.stdout.write(
	`${open.length} without a translation in messages/said.zh.json, ${dead.length} that nobody says any more removed.\n`,
);

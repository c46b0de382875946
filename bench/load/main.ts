/**
 * The load checker as a process of its own, so that what it measures is not slowed by who asks.
 * Reads a LoadPlan (JSON) on stdin; prints `started` on stderr, then the LoadVerdict (JSON) on stdout. SIGTERM ends it
 * before its time: nothing more is sent, every answer is waited for.
 */
import { text } from "node:stream/consumers";
import { judge } from "./judge";
import type { LoadPlan } from "./model";
import { runLoad } from "./run";

const ending = new AbortController();
process.once("SIGTERM", () => ending.abort());
const plan = JSON.parse(await text(process.stdin)) as LoadPlan;
process.stderr.write("started\n");
process.stdout.write(`${JSON.stringify(judge(await runLoad(plan, ending.signal)))}\n`);

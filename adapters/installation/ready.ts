import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { pathsOf } from "@/domain/installation";

/** The file a process writes when it does its work; the supervisor removes it before each start and waits for it. */
export function readyFile(home: string, component: string): string {
	return `${pathsOf(home).run}/${component}.ready`;
}

export function announceReady(home: string, component: string): void {
	mkdirSync(pathsOf(home).run, { recursive: true });
	writeFileSync(readyFile(home, component), String(process.pid));
}

export function withdrawReady(home: string, component: string): void {
	rmSync(readyFile(home, component), { force: true });
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Every component that announced itself, with its process id; one that was killed may still be among them. */
export function readyProcesses(home: string): { component: string; pid: number }[] {
	const { run } = pathsOf(home);
	if (!existsSync(run)) return [];
	const components = readdirSync(run).flatMap((file) => (file.endsWith(".ready") ? [file.slice(0, -".ready".length)] : []));
	return components.flatMap((component) => {
		try {
			return [{ component, pid: Number(readFileSync(readyFile(home, component), "utf8")) }];
		} catch {
			// Withdrawn since.
			return [];
		}
	});
}

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadVerdict } from "../load/model";

const program = fileURLToPath(new URL("../load/main.ts", import.meta.url));

/** 320 requests a second: keep-alive, new connections, 5 s requests and WebSockets of 2 to 20 s, for `durationMs`. */
export function mixedLoad(target: Pick<LoadPlan, "address" | "port" | "host">, durationMs: number): LoadPlan {
	return {
		...target,
		durationMs,
		rates: { keepAlive: 230, newConnection: 86, long: 2, stream: 2 },
		longMs: 5_000,
		streamMs: { least: 2_000, most: 20_000 },
		timeoutMs: 15_000,
	};
}

export interface RunningLoad {
	/** Resolves when every client has ended. */
	readonly verdict: Promise<LoadVerdict>;
	/** Sends nothing more. */
	end(): void;
}

/** Starts the load checker as a process of its own. */
export async function startLoad(plan: LoadPlan): Promise<RunningLoad> {
	const child = spawn(process.execPath, ["--import", "tsx", program], { stdio: ["pipe", "pipe", "pipe"] });
	let output = "";
	let errors = "";
	child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
		output += chunk;
	});
	const verdict = new Promise<LoadVerdict>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code) =>
			code === 0
				? resolve(JSON.parse(output) as LoadVerdict)
				: reject(new Error(`the load checker ended with ${code}: ${errors}`)),
		);
	});
	const started = new Promise<void>((resolve) => {
		child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
			errors = (errors + chunk).slice(-2_000);
			if (errors.includes("started\n")) resolve();
		});
	});
	child.stdin.end(JSON.stringify(plan));
	await Promise.race([started, verdict]);
	return { verdict, end: () => void child.kill("SIGTERM") };
}

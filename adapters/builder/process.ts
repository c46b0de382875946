import { spawn } from "node:child_process";
import { AppError } from "@/domain/errors";

export interface ProcessOptions {
	readonly cwd?: string;
	/** The whole environment of the child; nothing is inherited unless given here. */
	readonly env: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
	readonly onOutput?: (chunk: Buffer) => void;
	readonly input?: string;
	/** How much of the output is returned: its last 64 kB, or all of it (only for what is known to be small). */
	readonly kept?: "tail" | "all";
}

const tailLength = 64 * 1024;
const graceMs = 3_000;

/**
 * Runs a program from an argv array, never through a shell, as a process group of its own. `setpriv` makes the kernel
 * end it when we are killed, so no build outlives its worker. An abort sends SIGTERM, then SIGKILL, to the whole group
 * and rejects with the signal's reason. Resolves with the exit code and the end of what it wrote (both streams).
 */
export function runProcess(argv: readonly string[], options: ProcessOptions): Promise<{ code: number; output: string }> {
	return new Promise((resolve, reject) => {
		options.signal?.throwIfAborted();
		const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...argv], {
			cwd: options.cwd,
			env: { ...options.env } as NodeJS.ProcessEnv,
			detached: true,
			stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
		});
		let tail = "";
		const onChunk = (chunk: Buffer): void => {
			tail += chunk.toString("utf8");
			if (options.kept !== "all") tail = tail.slice(-tailLength);
			options.onOutput?.(chunk);
		};
		child.stdout?.on("data", onChunk);
		child.stderr?.on("data", onChunk);
		child.stdin?.on("error", () => {});
		child.stdin?.end(options.input);

		let killTimer: NodeJS.Timeout | null = null;
		const onAbort = (): void => {
			endGroup(child.pid, "SIGTERM");
			killTimer = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMs);
		};
		options.signal?.addEventListener("abort", onAbort, { once: true });
		const settle = (): void => {
			options.signal?.removeEventListener("abort", onAbort);
			if (killTimer) clearTimeout(killTimer);
		};
		child.on("error", (cause) => {
			settle();
			reject(new AppError("unavailable", `${argv[0]} cannot be started: ${cause.message}.`, { cause }));
		});
		child.on("close", (code) => {
			settle();
			if (options.signal?.aborted) reject(options.signal.reason);
			else resolve({ code: code ?? 1, output: tail });
		});
	});
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, signal);
	} catch {
		// The group is gone: that is what was wanted.
	}
}

/** What a program of the system needs of our environment: no secret of Sluice is among it. */
export function systemEnvironment(extra: Record<string, string> = {}): Record<string, string> {
	const names = ["PATH", "HOME", "LANG", "TMPDIR", "DOCKER_CONFIG", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy"];
	names.push("https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "XDG_CONFIG_HOME");
	const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? ""] as const]));
	return { ...Object.fromEntries(kept), ...extra };
}

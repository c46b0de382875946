import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { AppError, messageOf } from "@/domain/errors";

export interface CommandOptions {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly uid?: number;
	readonly gid?: number;
	/** Given every line of output as it comes. */
	readonly onLine?: (line: string) => void;
	/** Kill after this long; default 10 minutes. */
	readonly timeoutMs?: number;
}

export interface CommandResult {
	readonly code: number;
	readonly stdout: string;
	/** The last lines of both streams, for a message. */
	readonly tail: string;
}

const tailLines = 12;

/** Runs a program by its argv (never a shell) and answers with its exit code. Throws only when it cannot be started. */
export function tryCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
	const [program = "", ...rest] = argv;
	return new Promise((resolve, reject) => {
		const child = spawn(program, rest, {
			cwd: options.cwd,
			env: (options.env ?? process.env) as NodeJS.ProcessEnv,
			uid: options.uid,
			gid: options.gid,
			stdio: ["ignore", "pipe", "pipe"],
			timeout: options.timeoutMs ?? 600_000,
		});
		let stdout = "";
		const tail: string[] = [];
		const listen = (stream: NodeJS.ReadableStream, keep: boolean) => {
			let rest = "";
			stream.setEncoding("utf8");
			stream.on("data", (chunk: string) => {
				if (keep) stdout += chunk;
				const lines = (rest + chunk).split(/[\r\n]+/);
				rest = lines.pop() ?? "";
				for (const line of lines.filter((line) => line.trim() !== "")) {
					tail.push(line);
					if (tail.length > tailLines) tail.shift();
					options.onLine?.(line);
				}
			});
			stream.on("end", () => {
				if (rest.trim() !== "") tail.push(rest);
			});
		};
		listen(child.stdout, true);
		listen(child.stderr, false);
		child.on("error", (cause) =>
			reject(new AppError("unavailable", `${program} cannot be started: ${messageOf(cause)}.`, { cause })),
		);
		child.on("close", (code, signal) =>
			resolve({ code: code ?? 1, stdout, tail: signal === null ? tail.join("\n") : [...tail, `ended by ${signal}`].join("\n") }),
		);
	});
}

/** Runs a program and throws `unavailable` with its last words when it fails. `what` says what it was to do. */
export async function command(what: string, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
	const result = await tryCommand(argv, options);
	if (result.code !== 0) {
		throw new AppError("unavailable", `${what} failed (${argv[0]} ended with ${result.code}):\n${result.tail}`);
	}
	return result.stdout;
}

/** Is the program on PATH, or in the folders that a plain user's PATH lacks? */
export function isOnPath(program: string): boolean {
	const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
	return folders.some((folder) => {
		try {
			accessSync(`${folder}/${program}`, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

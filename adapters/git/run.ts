import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { AppError } from "@/domain/errors";

const execFileAsync = promisify(execFile);

/** Only what is given here reaches git: no settings of the machine or its user, no prompt, no transport of its own. */
export function gitEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
	return {
		PATH: process.env.PATH ?? "/usr/bin:/bin",
		HOME: "/nonexistent",
		LANG: "C.UTF-8",
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_TERMINAL_PROMPT: "0",
		GIT_ALLOW_PROTOCOL: "none",
		GIT_OPTIONAL_LOCKS: "0",
		...extra,
	} as unknown as NodeJS.ProcessEnv;
}

/** Runs git on a bare repository and returns what it wrote. Throws `internal` with git's own words. */
export async function git(argv: readonly string[], extra: Record<string, string> = {}, signal?: AbortSignal): Promise<string> {
	try {
		const options = { env: gitEnvironment(extra), maxBuffer: 64 * 1024 * 1024, signal };
		const { stdout } = await execFileAsync("git", [...argv], options);
		return stdout;
	} catch (cause) {
		signal?.throwIfAborted();
		const words = (cause as { stderr?: string }).stderr?.trim() || String(cause);
		throw new AppError("internal", `git ${argv[0]} failed: ${words}`, { cause });
	}
}

/** The folder of git's own programs, where `git-http-backend` is. */
export async function gitExecPath(): Promise<string> {
	return (await git(["--exec-path"])).trim();
}

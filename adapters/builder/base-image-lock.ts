import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { AppError } from "@/domain/errors";

/** Of `flock`, when another one has the lock. */
const heldCode = 75;

/**
 * Runs `work` while no other process of this machine holds the same lock. The lock belongs to a `flock` process that
 * ends when its input closes, so the kernel frees it even when we are killed. `onHeld` is called when another has it,
 * and what it gives is closed when we have it.
 */
export async function withFileLock<T>(
	file: string,
	work: () => Promise<T>,
	onHeld: () => { close(): void } = () => ({ close: () => {} }),
): Promise<T> {
	const holder = (await hold(file, ["--nonblock"])) ?? (await holdWhenFree(file, onHeld()));
	try {
		return await work();
	} finally {
		holder.stdin.end();
	}
}

async function holdWhenFree(file: string, waiting: { close(): void }): Promise<ChildProcessWithoutNullStreams> {
	try {
		const holder = await hold(file, []);
		if (holder === null) throw new AppError("unavailable", `The lock ${file} cannot be taken.`);
		return holder;
	} finally {
		waiting.close();
	}
}

/** null = another has it. */
async function hold(file: string, options: readonly string[]): Promise<ChildProcessWithoutNullStreams | null> {
	const argv = ["--exclusive", "--conflict-exit-code", String(heldCode), ...options, file, "cat"];
	const holder = spawn("flock", argv, { stdio: ["pipe", "pipe", "pipe"] });
	holder.stderr.pipe(process.stderr, { end: false });
	const ended = new Promise<null>((resolve, reject) => {
		holder.once("error", (cause) => reject(new AppError("unavailable", `flock cannot be started: ${cause.message}.`, { cause })));
		holder.once("exit", (code) =>
			code === heldCode ? resolve(null) : reject(new AppError("unavailable", `The lock ${file} cannot be taken.`)),
		);
	});
	ended.catch(() => {});
	holder.stdin.on("error", () => {});
	holder.stdin.write("locked\n");
	return Promise.race([once(holder.stdout, "data").then(() => holder), ended]);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { AppError } from "@/domain/errors";

/**
 * Runs `work` while no other process of this machine holds the same lock. The lock belongs to a `flock` process that
 * ends when its input closes, so the kernel frees it even when we are killed.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
	const holder = spawn("flock", ["--exclusive", file, "cat"], { stdio: ["pipe", "pipe", "inherit"] });
	const ended = new Promise<never>((_, reject) => {
		holder.once("error", (cause) => reject(new AppError("unavailable", `flock cannot be started: ${cause.message}.`, { cause })));
		holder.once("exit", () => reject(new AppError("unavailable", `The lock ${file} cannot be taken.`)));
	});
	ended.catch(() => {});
	holder.stdin.on("error", () => {});
	holder.stdin.write("locked\n");
	try {
		await Promise.race([once(holder.stdout, "data"), ended]);
		return await work();
	} finally {
		holder.stdin.end();
	}
}

import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { lineTimeMs } from "@/domain/instance-log/model";

/**
 * Docker's stream of what a container wrote, each piece with its time, from `since` (a line's time, included) on; with
 * `follow` until the container stops. Throws Docker's own error, 404 when the container is gone.
 */
export function openLogStream(
	engine: Docker,
	containerId: string,
	{ since, follow }: { readonly since: string | null; readonly follow: boolean },
): Promise<Readable> {
	const seconds = since === null ? "0" : `${Math.floor(lineTimeMs(since) / 1000)}.${since.slice(20, 29)}`;
	// The client's own call makes one whole buffer of what is not followed.
	const call = {
		path: `/containers/${containerId}/logs?`,
		method: "GET",
		isStream: true,
		statusCodes: { 200: true, 404: "no such container", 500: "server error" },
		options: { stdout: true, stderr: true, timestamps: true, follow, since: seconds },
	};
	return new Promise((resolve, reject) => {
		engine.modem.dial(call, (error: unknown, stream: unknown) => {
			if (error) reject(error);
			else resolve(stream as Readable);
		});
	});
}

import { request } from "node:http";

/** How many clients' connections the gateway listener of one Envoy holds now, by its admin socket. */
export function connectionsOf(socketPath: string): Promise<number> {
	const path = "/stats?filter=^http\\.gateway\\.downstream_cx_active$";
	return new Promise((resolve, reject) => {
		const call = request({ socketPath, path }, (answer) => {
			let text = "";
			answer.setEncoding("utf8").on("data", (chunk: string) => {
				text += chunk;
			});
			answer.on("error", reject);
			answer.on("end", () => resolve(Number(/: (\d+)/.exec(text)?.[1] ?? 0)));
		});
		call.on("error", reject);
		call.end();
	});
}

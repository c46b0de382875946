import { Agent, get } from "node:http";

interface Count {
	readonly sent: number;
	readonly failed: readonly string[];
}

/** A steady client of the gateway, at a fixed rate whatever the answers take: every answer that is not 2xx is a failure. */
export function keepAsking(address: string, host: string, perSecond = 20): { stop(): Promise<Count> } {
	const agent = new Agent({ keepAlive: true });
	const failed: string[] = [];
	const open = new Set<Promise<void>>();
	let sent = 0;
	const timer = setInterval(() => {
		sent += 1;
		const asked = ask(agent, address, host)
			.catch((error: unknown) => {
				failed.push(`${new Date().toISOString()} ${String(error)}`);
			})
			.finally(() => open.delete(asked));
		open.add(asked);
	}, 1000 / perSecond);
	return {
		async stop() {
			clearInterval(timer);
			await Promise.all(open);
			agent.destroy();
			return { sent, failed };
		},
	};
}

function ask(agent: Agent, address: string, host: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = get(`${address}/`, { agent, headers: { host }, timeout: 10_000 }, (answer) => {
			answer.resume();
			answer.on("end", () => (answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`))));
			answer.on("error", reject);
		});
		request.on("timeout", () => request.destroy(new Error("no answer in 10 s")));
		request.on("error", reject);
	});
}

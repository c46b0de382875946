import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Target } from "./shares";

const connections = 12;
const betweenMs = 1;

/**
 * Twelve kept connections that ask over and over. The kernel spreads them over the sockets of a pair, so all of them
 * together see what every proxy does: a change is obeyed when the last of them says so.
 */
export class Probes {
	private readonly last: string[] = [];
	private readonly agents: http.Agent[] = [];
	private readonly loops: Promise<void>[] = [];
	private awaited: { release: string; resolve: (atMs: number) => void } | null = null;
	private isOver = false;
	/** Answers that were of no release, with how often. */
	readonly strange = new Map<string, number>();

	constructor(private readonly target: Target) {
		for (let number = 0; number < connections; number++) {
			const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
			this.agents.push(agent);
			this.loops.push(this.loop(number, agent));
		}
	}

	/** When every connection answered with this release; by the machine's monotonic clock, in milliseconds. */
	obeyed(release: string): Promise<number> {
		return new Promise((resolve) => {
			this.awaited = { release, resolve };
		});
	}

	async close(): Promise<void> {
		this.isOver = true;
		await Promise.all(this.loops);
		for (const agent of this.agents) agent.destroy();
	}

	private async loop(number: number, agent: http.Agent): Promise<void> {
		while (!this.isOver) {
			const answer = await this.ask(agent);
			if (!/^[12]$/.test(answer)) this.strange.set(answer, (this.strange.get(answer) ?? 0) + 1);
			this.last[number] = answer;
			const { awaited } = this;
			if (awaited && this.last.length === connections && this.last.every((release) => release === awaited.release)) {
				this.awaited = null;
				awaited.resolve(Number(process.hrtime.bigint()) / 1e6);
			}
			await pause(betweenMs);
		}
	}

	private ask(agent: http.Agent): Promise<string> {
		const { address, port, host } = this.target;
		return new Promise((resolve) => {
			const failed = (error: Error) => resolve(error.message);
			const request = http.get({ host: address, port, agent, headers: { host } }, (response) => {
				response.on("error", failed);
				response.resume().on("end", () => resolve(String(response.headers["x-release"] ?? `status ${response.statusCode}`)));
			});
			request.on("error", failed);
		});
	}
}

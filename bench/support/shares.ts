import http from "node:http";
import { binomialTest, leastProbability } from "./binomial";

export interface Target {
	readonly address: string;
	readonly port: number;
	/** Host header. */
	readonly host: string;
}

const clients = 16;

/** Sends so many requests, 16 at a time, and counts the answers by what the service says its release is. Throws at the first failure. */
export async function answersByRelease({ address, port, host }: Target, requests: number): Promise<Map<string, number>> {
	const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
	const counts = new Map<string, number>();
	let left = requests;
	const client = async () => {
		while (left > 0) {
			left--;
			const release = await ask({ host: address, port, agent, headers: { host } });
			counts.set(release, (counts.get(release) ?? 0) + 1);
		}
	};
	try {
		await Promise.all(Array.from({ length: clients }, client));
		return counts;
	} finally {
		agent.destroy();
	}
}

function ask(options: http.RequestOptions): Promise<string> {
	return new Promise((resolve, reject) => {
		const request = http.get(options, (response) => {
			const release = response.headers["x-release"];
			response.on("error", reject);
			response.resume().on("end", () => {
				if (response.statusCode === 200 && typeof release === "string") resolve(release);
				else reject(new Error(`a request for shares was answered ${response.statusCode}`));
			});
		});
		request.on("error", reject);
	});
}

export interface Share {
	/** In percent, as declared. */
	readonly weight: number;
	readonly candidate: number;
	readonly total: number;
	readonly probability: number;
	readonly holds: boolean;
}

/** Judges a declared weight by the answers alone: the exact binomial test, failed below one in a million. */
export function judgeShare(answers: ReadonlyMap<string, number>, candidate: string, weight: number): Share {
	const seen = answers.get(candidate) ?? 0;
	const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
	const probability = binomialTest(seen, total, weight / 100);
	return { weight, candidate: seen, total, probability, holds: probability >= leastProbability };
}

/** `weight 10 %: 1,013 of 10,000 answers, p = 0.66` */
export function shareLine({ weight, candidate, total, probability }: Share): string {
	const count = (number: number) => number.toLocaleString("en-US");
	return `weight ${weight} %: ${count(candidate)} of ${count(total)} answers, p = ${probability.toPrecision(2)}`;
}

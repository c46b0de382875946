import { Agent, request } from "node:http";
import superjson from "superjson";
import { quantile } from "../support/quantile";
import type { BenchPortal } from "./portal";

export interface Question {
	readonly name: string;
	/** Each asks for something else, as people do. */
	paths(turn: number): string;
	readonly by: "cookie" | "token";
}

export interface Answered {
	readonly name: string;
	readonly milliseconds: readonly number[];
	readonly bytes: number;
}

/** The first of each warms it up. */
const warmUp = 5;

/** Asks each question so often, so many at a time from when the one before is answered, over kept connections. */
export async function askAll(
	portal: BenchPortal,
	questions: readonly Question[],
	count: number,
	atOnce: number,
	note: (what: string) => void,
): Promise<Answered[]> {
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	try {
		const answered: Answered[] = [];
		for (const question of questions) {
			const ask = (turn: number) => once(agent, portal, question, turn);
			for (let turn = 0; turn < warmUp; turn++) await ask(turn);
			const milliseconds: number[] = [];
			let bytes = 0;
			let next = warmUp;
			const client = async (): Promise<void> => {
				while (next < warmUp + count) {
					const begun = performance.now();
					bytes = Math.max(bytes, await ask(next++));
					milliseconds.push(performance.now() - begun);
				}
			};
			await Promise.all(Array.from({ length: atOnce }, client));
			answered.push({ name: question.name, milliseconds, bytes });
			note(`${question.name}: p95 ${quantile(milliseconds, 0.95).toFixed(0)} ms`);
		}
		return answered;
	} finally {
		agent.destroy();
	}
}

/** The size of the answer's body. Throws when it is not 200: what is refused fast is not fast. */
function once(agent: Agent, portal: BenchPortal, question: Question, turn: number): Promise<number> {
	const headers =
		question.by === "token"
			? { authorization: `Bearer ${portal.token}` }
			: { cookie: portal.cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
	const url = `${portal.address}${question.paths(turn)}`;
	return new Promise((resolve, reject) => {
		const asking = request(url, { agent, headers }, (answer) => {
			let bytes = 0;
			let text = "";
			answer.on("data", (chunk: Buffer) => {
				bytes += chunk.length;
				if (answer.statusCode !== 200) text += chunk.toString("utf8");
			});
			answer.on("error", reject);
			answer.on("end", () =>
				answer.statusCode === 200
					? resolve(bytes)
					: reject(new Error(`${question.name} was answered ${answer.statusCode}: ${text.slice(0, 500)}`)),
			);
		});
		asking.on("error", reject);
		asking.end();
	});
}

/** How a page asks for it. */
export function trpc(procedure: string, inputOf: (turn: number) => unknown): Question {
	return {
		name: procedure,
		by: "cookie",
		paths: (turn) => `/api/trpc/${procedure}?input=${encodeURIComponent(superjson.stringify(inputOf(turn)))}`,
	};
}

/** How a program asks for it. */
export function rest(path: string, queryOf: (turn: number) => Record<string, string>): Question {
	return { name: `GET ${path}`, by: "token", paths: (turn) => `/api/v1${path}?${new URLSearchParams(queryOf(turn))}` };
}

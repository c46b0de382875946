import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import superjson from "superjson";
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

/** The first of each warm it up. */
const warmUp = 5;

export interface Load {
	/** Of each question. */
	readonly count: number;
	/** New ones come at this pace, whether those before are answered or not. */
	readonly perSecond: number;
	/** More are not asked at once: those that are due wait, and the wait counts. */
	readonly atOnce: number;
}

/** Asks the questions in turn, over kept connections. Each takes from when it was due to its last byte. */
export async function askAll(
	portal: BenchPortal,
	questions: readonly Question[],
	load: Load,
	note: (what: string) => void,
): Promise<Answered[]> {
	const agent = new Agent({ keepAlive: true, maxSockets: load.atOnce });
	const answered = questions.map(({ name }) => ({ name, milliseconds: [] as number[], bytes: 0 }));
	try {
		for (const question of questions) {
			for (let turn = 0; turn < warmUp; turn++) await once(agent, portal, question, turn);
		}
		note(`${questions.length * load.count} questions, ${load.perSecond} a second`);
		const begun = performance.now();
		let next = 0;
		const client = async (): Promise<void> => {
			while (next < questions.length * load.count) {
				const index = next++;
				const [question, figures] = [questions[index % questions.length], answered[index % questions.length]];
				if (!question || !figures) throw new Error("no question");
				const dueAt = begun + (index * 1_000) / load.perSecond;
				await pause(Math.max(0, dueAt - performance.now()));
				const bytes = await once(agent, portal, question, warmUp + Math.floor(index / questions.length));
				figures.milliseconds.push(performance.now() - dueAt);
				figures.bytes = Math.max(figures.bytes, bytes);
			}
		};
		await Promise.all(Array.from({ length: load.atOnce }, client));
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

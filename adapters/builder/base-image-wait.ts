import { existsSync, readFileSync } from "node:fs";

export type Say = (line: string) => void;

/** What all who wait for one base image are told: once that they wait, what happens meanwhile, and that it goes on. */
export class WaitNews {
	private readonly listeners = new Set<Say>();
	private waiting: string | null = null;
	private last: string | null = null;

	/** Who comes later is told what the others know. */
	listen(say: Say): void {
		for (const line of [this.waiting, this.last]) if (line !== null) say(line);
		this.listeners.add(say);
	}

	wait(sentence: string): void {
		if (this.waiting !== null) return;
		this.waiting = sentence;
		this.tell(sentence);
	}

	readonly progress: Say = (line) => {
		this.last = line;
		this.tell(line);
	};

	/** Says nothing to those who did not wait. */
	goOn(sentence: string): void {
		if (this.waiting !== null) this.tell(sentence);
		this.waiting = null;
		this.last = null;
	}

	private tell(line: string): void {
		for (const say of this.listeners) say(line);
	}
}

interface Running<T> {
	readonly news: WaitNews;
	readonly done: Promise<T>;
}

/** Any number may ask for one thing at once: it is made once, and each hears of it. */
export class MadeOnce<T> {
	private readonly running = new Map<string, Running<T>>();

	ask(key: string, say: Say, make: (news: WaitNews) => Promise<T>): Promise<T> {
		const current = this.running.get(key);
		if (current) {
			current.news.listen(say);
			return current.done;
		}
		const news = new WaitNews();
		news.listen(say);
		const done = make(news).finally(() => this.running.delete(key));
		this.running.set(key, { news, done });
		return done;
	}
}

const followMs = 1_000;

/** Says each line that another process writes into this file, until it is closed. */
export function followLine(file: string, say: Say, everyMs = followMs): { close(): void } {
	let seen = "";
	const timer = setInterval(() => {
		// A cache that somebody empties meanwhile is no reason to end: nothing is said then.
		const line = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
		if (line !== "" && line !== seen) say(line);
		seen = line;
	}, everyMs);
	return { close: () => clearInterval(timer) };
}

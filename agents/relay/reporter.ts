import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { HostReport } from "@/domain/host/model";
import type { RelayClient } from "./client";

/** The lease is 15 s. */
const beatMs = 1_000;
const leastPauseMs = 100;

/** Reports at once when something changed (100 ms apart at least), and each second anyhow. One report at a time. */
export class Reporter {
	#isSending = false;
	#isAsked = false;
	#lastAt = 0;
	#timer: NodeJS.Timeout | null = null;
	#isAway = false;
	#isStopped = false;

	constructor(
		private readonly relay: RelayClient,
		private readonly read: () => HostReport,
		private readonly log: Log,
	) {}

	start(): void {
		this.changed();
	}

	changed(): void {
		this.#schedule(Math.max(0, this.#lastAt + leastPauseMs - Date.now()), true);
	}

	#schedule(delayMs: number, isUrgent: boolean): void {
		if (this.#isStopped) return;
		if (this.#isSending) {
			this.#isAsked = this.#isAsked || isUrgent;
			return;
		}
		if (this.#timer && !isUrgent) return;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#send(), delayMs);
	}

	async #send(): Promise<void> {
		this.#timer = null;
		this.#isSending = true;
		this.#lastAt = Date.now();
		try {
			await this.relay.ask({ method: "POST", path: "/v1/report", body: this.read() });
			this.#isAway = false;
		} catch (error) {
			if (!this.#isAway) this.log.warn({ error: messageOf(error) }, "reports are not taken; trying again");
			this.#isAway = true;
		} finally {
			this.#isSending = false;
		}
		const isUrgent = this.#isAsked && !this.#isAway;
		this.#isAsked = false;
		this.#schedule(isUrgent ? leastPauseMs : beatMs, isUrgent);
	}

	stop(): void {
		this.#isStopped = true;
		if (this.#timer) clearTimeout(this.#timer);
	}
}

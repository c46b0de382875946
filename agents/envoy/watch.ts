import type { EndpointReport } from "@/domain/host/model";
import type { ServiceTraffic } from "@/domain/traffic/model";
import type { Admin } from "./admin";
import { isMoving, observe, type QuietCount } from "./observe";

const movingIntervalMs = 100;
const restIntervalMs = 1000;

export interface Watch {
	readonly isAlive: boolean;
	readonly endpoints: readonly EndpointReport[];
	/** Looks again now: something was published. */
	hurry(): void;
	stop(): void;
}

/** Reads one Envoy's /clusters for ever, quickly while something moves. Envoy being away is a report, not an error. */
export function watch(admin: Admin, services: () => readonly ServiceTraffic[], onChange: () => void): Watch {
	const quiet = new Map<string, QuietCount>();
	let timer: NodeJS.Timeout | null = null;
	let isStopped = false;
	let isPolling = false;
	let isAlive = false;
	let endpoints: readonly EndpointReport[] = [];

	async function poll(): Promise<void> {
		isPolling = true;
		const before = JSON.stringify([isAlive, endpoints]);
		try {
			const clusters = await admin.clusters();
			endpoints = observe(services(), clusters, quiet, performance.now());
			isAlive = true;
		} catch {
			// What it last showed is worth nothing now: a silent proxy may still be sending.
			isAlive = false;
			endpoints = [];
			quiet.clear();
		}
		isPolling = false;
		if (isStopped) return;
		schedule(!isAlive || isMoving(endpoints, services()) ? movingIntervalMs : restIntervalMs);
		if (JSON.stringify([isAlive, endpoints]) !== before) onChange();
	}

	function schedule(delayMs: number): void {
		if (timer) clearTimeout(timer);
		timer = setTimeout(() => void poll(), delayMs);
	}

	schedule(0);
	return {
		get isAlive() {
			return isAlive;
		},
		get endpoints() {
			return endpoints;
		},
		hurry() {
			if (!isStopped && !isPolling) schedule(0);
		},
		stop() {
			isStopped = true;
			if (timer) clearTimeout(timer);
		},
	};
}

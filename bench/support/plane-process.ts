import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Upstreams } from "./traffic-fleet";

export type Order =
	| {
			readonly kind: "start";
			readonly installation: string;
			readonly gatewayPort: number;
			readonly endpoints: number;
			readonly upstreams: Upstreams;
	  }
	| { readonly kind: "publish"; readonly revision: number; readonly release: 1 | 2 }
	| { readonly kind: "end" };

/** `atMs` by the machine's monotonic clock. */
export type Report =
	| { readonly kind: "waiting"; readonly until: string }
	| { readonly kind: "ready"; readonly services: number; readonly fullBytes: number; readonly changeBytes: number }
	| { readonly kind: "applied"; readonly revision: number; readonly atMs: number }
	| { readonly kind: "acknowledged"; readonly revision: number; readonly atMs: number }
	| { readonly kind: "failed"; readonly message: string };

const program = fileURLToPath(new URL("./traffic-plane.ts", import.meta.url));

/** The process that runs the traffic plane; see traffic-plane.ts. */
export class PlaneProcess {
	private readonly child: ChildProcess;
	private readonly waiting: {
		is: (report: Report) => boolean;
		resolve: (report: Report) => void;
		reject: (error: Error) => void;
	}[] = [];

	constructor(order: Extract<Order, { kind: "start" }>) {
		this.child = fork(program, { execArgv: ["--import", "tsx"], stdio: ["ignore", 2, 2, "ipc"] });
		this.child.on("message", (report: Report) => this.take(report));
		this.child.on("exit", (code) => this.fail(new Error(`the traffic plane ended with ${code}`)));
		this.child.send(order);
	}

	send(order: Order): void {
		this.child.send(order);
	}

	/** The next report of this kind (and revision). */
	next<K extends Report["kind"]>(kind: K, revision?: number): Promise<Extract<Report, { kind: K }>> {
		return new Promise((resolve, reject) => {
			this.waiting.push({
				is: (report) =>
					report.kind === kind && (revision === undefined || ("revision" in report && report.revision === revision)),
				resolve: (report) => resolve(report as Extract<Report, { kind: K }>),
				reject,
			});
		});
	}

	async end(): Promise<void> {
		if (this.child.exitCode !== null) return;
		const ended = new Promise((resolve) => this.child.once("exit", resolve));
		this.child.send({ kind: "end" } satisfies Order);
		await ended;
	}

	private take(report: Report): void {
		if (report.kind === "waiting") process.stderr.write(`  the fleet is not whole yet: ${report.until}\n`);
		if (report.kind === "failed") this.fail(new Error(report.message));
		const index = this.waiting.findIndex(({ is }) => is(report));
		for (const found of index === -1 ? [] : this.waiting.splice(index, 1)) found.resolve(report);
	}

	private fail(error: Error): void {
		for (const { reject } of this.waiting.splice(0)) reject(error);
	}
}

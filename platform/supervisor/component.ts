import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { withdrawReady } from "@/adapters/installation/ready";
import { readJson, writeAtomically } from "../atomic-file";
import type { Observed } from "./decide";
import { drained } from "./drain";
import { identify, isAlive, type MarkedProcess, markerVariable, signal } from "./process";
import { isReady } from "./readiness";
import { type ComponentPhase, type ComponentSpec, type ComponentStatus, componentKey, type ProcessId } from "./spec";

interface RunRecord {
	readonly process: ProcessId | null;
	readonly fingerprint: string;
	readonly isDone: boolean;
	readonly restarts: number;
}

const rotateAtBytes = 20_000_000;
/** After this long in a ready state, an end counts as the first again. */
const wellAfterMs = 30_000;

/** One component: starts it in a session of its own, watches it by pid and start time, and keeps its record on disk. */
export class Component {
	spec: ComponentSpec;
	private process: ProcessId | null = null;
	private fingerprint: string | null = null;
	private isDone = false;
	private hasBecomeReady = false;
	private restarts = 0;
	private failures = 0;
	private endedAt = 0;
	private stoppingSince: number | null = null;
	private isKilled = false;
	private lastExit: string | null = null;
	private since = Date.now();
	/** How the child ended, when it is our own: an adopted process has no exit code for us. */
	private exit: { code: number | null; signal: string | null } | null = null;
	private isOwnChild = false;

	constructor(
		private readonly home: string,
		private readonly supervisor: string,
		spec: ComponentSpec,
		private readonly wake: () => void,
	) {
		this.spec = spec;
	}

	/** A new spec, or the same again: whoever asks wants it tried at once. */
	renew(spec: ComponentSpec): void {
		this.spec = spec;
		if (this.process === null) this.failures = 0;
	}

	get key(): string {
		return componentKey(this.supervisor, this.spec.name);
	}

	get marker(): string {
		return `${this.home}:${this.key}`;
	}

	private get recordFile(): string {
		return `${this.home}/run/${this.key}.json`;
	}

	/** Takes over what an earlier supervisor left running; `marked` is what carries this component's marker. */
	adopt(marked: MarkedProcess | undefined): void {
		const record = readJson<RunRecord>(this.recordFile);
		if (record === null && marked === undefined) return;
		this.fingerprint = record?.fingerprint ?? null;
		this.restarts = record?.restarts ?? 0;
		this.isDone = record?.isDone ?? false;
		if (record?.process && isAlive(record.process)) this.process = record.process;
		else if (marked && this.spec.kind === "service") {
			this.process = marked.process;
			this.fingerprint = marked.fingerprint;
		}
	}

	/** Looks at the process and its readiness, and notes an end. */
	async observe(now: number): Promise<Observed> {
		if (this.hasEnded()) this.noteEnd(now);
		if (this.process && this.spec.kind === "service" && !this.hasBecomeReady && (await isReady(this.home, this.spec.ready))) {
			this.hasBecomeReady = this.process !== null;
			this.since = now;
		}
		if (this.hasBecomeReady && this.failures > 0 && now - this.since > wellAfterMs) this.failures = 0;
		return {
			name: this.spec.name,
			isAlive: this.process !== null,
			isReady: this.hasBecomeReady,
			fingerprint: this.fingerprint,
			isDone: this.isDone,
			failures: this.failures,
			endedAt: this.endedAt,
			stoppingSince: this.stoppingSince,
			isKilled: this.isKilled,
		};
	}

	/** Of our own child the exit event tells, with its code; of an adopted one only /proc does. */
	private hasEnded(): boolean {
		if (this.process === null) return false;
		return this.isOwnChild ? this.exit !== null : !isAlive(this.process);
	}

	private noteEnd(now: number): void {
		const exit = this.exit;
		this.lastExit = exit === null ? "ended" : exit.signal === null ? `exit code ${exit.code}` : exit.signal;
		const wasTold = this.stoppingSince !== null;
		// Counted since it was last started on purpose.
		if (wasTold) this.restarts = 0;
		this.isDone = this.spec.kind === "task" && !wasTold && exit?.code === 0;
		if (!wasTold && !this.isDone) {
			this.failures += 1;
			if (this.spec.kind === "service") this.restarts += 1;
		}
		this.process = null;
		this.hasBecomeReady = false;
		this.stoppingSince = null;
		this.isKilled = false;
		this.endedAt = now;
		this.since = now;
		this.record();
	}

	start(now: number): void {
		withdrawReady(this.home, this.key);
		for (const file of this.spec.staleFiles) rmSync(file, { force: true });
		this.process = null;
		this.exit = null;
		this.isOwnChild = true;
		this.hasBecomeReady = false;
		this.isDone = false;
		this.fingerprint = this.spec.fingerprint;
		this.since = now;
		const [program = "", ...rest] = this.spec.argv;
		const log = this.openLog();
		try {
			const child = spawn(program, rest, {
				cwd: this.spec.cwd,
				env: {
					...environment(this.spec),
					[markerVariable]: `${this.marker}#${this.spec.fingerprint}`,
				} as unknown as NodeJS.ProcessEnv,
				...(this.spec.user ?? {}),
				detached: true,
				stdio: ["ignore", log, log],
			});
			const id = child.pid === undefined ? null : (identify(child.pid) ?? { pid: child.pid, startTicks: -1 });
			this.process = id;
			child.on("error", (error) => {
				this.lastExit = error.message;
				if (id === null) this.noteStartFailure();
			});
			child.on("exit", (code, signal) => {
				this.exit = { code, signal };
				this.wake();
			});
			child.unref();
		} finally {
			closeSync(log);
		}
		this.record();
	}

	private noteStartFailure(): void {
		this.failures += 1;
		this.endedAt = Date.now();
		this.wake();
	}

	/** Only the leader is told: it ends its own children (Postgres, dockerd). Drained first when the next one follows. */
	stop(now: number, isHurried: boolean): void {
		this.stoppingSince = now;
		const { process } = this;
		if (process === null) return;
		const { drain, stop } = this.spec;
		if (drain === null || isHurried) signal(process, stop.signal, false);
		else void drained(drain, () => !isAlive(process)).then(() => signal(process, stop.signal, false));
	}

	/** Everything ends: what drains is told at once. */
	hurry(): void {
		if (this.process && this.stoppingSince !== null && this.spec.drain !== null)
			signal(this.process, this.spec.stop.signal, false);
	}

	kill(): void {
		this.isKilled = true;
		if (this.process) signal(this.process, "SIGKILL", true);
	}

	status(phase: ComponentPhase): ComponentStatus {
		const { restarts, failures, lastExit, since } = this;
		return { name: this.key, kind: this.spec.kind, phase, process: this.process, restarts, failures, lastExit, since };
	}

	/** A dropped component leaves no record. */
	forget(): void {
		rmSync(this.recordFile, { force: true });
		withdrawReady(this.home, this.key);
	}

	private record(): void {
		const record: RunRecord = {
			process: this.process,
			fingerprint: this.fingerprint ?? "",
			isDone: this.isDone,
			restarts: this.restarts,
		};
		writeAtomically(this.recordFile, JSON.stringify(record));
	}

	/** The file is handed to the process itself: it goes on writing when the supervisor is gone. */
	private openLog(): number {
		const file = `${this.home}/logs/${this.key}.log`;
		mkdirSync(`${this.home}/logs`, { recursive: true });
		if (existsSync(file) && statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`);
		return openSync(file, "a", 0o640);
	}
}

/** The few variables every program may need: paths, language, time zone, proxies, mirrors and CA of the machine. */
const passed =
	/^(PATH|HOME|USER|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|TERM|DOCKER_HOST|XDG_.*|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_.*|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|(PIP|NPM_CONFIG|UV)_.*|GO(PROXY|SUMDB|NOSUMDB|PRIVATE|FLAGS))$/i;

export function environment(
	spec: Pick<ComponentSpec, "env" | "inherit">,
	source: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
	const kept = Object.entries(source).filter(([name]) => passed.test(name) || spec.inherit.includes(name));
	return { ...Object.fromEntries(kept), ...spec.env };
}

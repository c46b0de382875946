import type { Server } from "node:net";
import { readJson, writeAtomically } from "../atomic-file";
import { fingerprintOf } from "../fingerprint";
import { takeLock } from "../lock";
import { Component } from "./component";
import { nextActions, type Observed, phaseOf } from "./decide";
import { findMarked, identify } from "./process";
import { type SupervisorSpec, type SupervisorStatus, statusFile } from "./spec";

const tickMs = 200;

/**
 * Keeps the components of a spec file running. It holds nothing that is lost with it: components live in sessions of
 * their own and are adopted by pid and start time. SIGHUP reads the spec anew, SIGTERM ends everything in order.
 */
export class Supervisor {
	private readonly components = new Map<string, Component>();
	private readonly locks: Server[] = [];
	private isEnding = false;
	private isDirty = true;
	private lastStatus = "";
	private wakeUp: (() => void) | null = null;

	/** What this supervisor runs, also when the spec is read anew. */
	private readonly program: string;

	private constructor(
		private readonly file: string,
		private spec: SupervisorSpec,
	) {
		this.program = spec.program;
	}

	/** Answers null when another supervisor of the same name already lives. */
	static async open(file: string): Promise<Supervisor | null> {
		const spec = readJson<SupervisorSpec>(file);
		if (spec === null) throw new Error(`The supervisor's file ${file} cannot be read.`);
		const supervisor = new Supervisor(file, spec);
		for (const name of spec.locks) {
			const lock = await takeLock(name, `${spec.home}`);
			if (lock === null) return null;
			supervisor.locks.push(lock);
		}
		supervisor.readComponents();
		const marked = findMarked(spec.home);
		for (const component of supervisor.components.values()) component.adopt(marked.get(component.marker));
		return supervisor;
	}

	reload(): void {
		this.isDirty = true;
		this.wake();
	}

	end(): void {
		this.isEnding = true;
		for (const component of this.components.values()) component.hurry();
		this.wake();
	}

	/** Runs until `end` was called and all components are gone. */
	async run(): Promise<void> {
		for (;;) {
			if (this.isDirty) this.readComponents();
			const observed = await this.step(Date.now());
			if (this.isEnding && [...observed.values()].every((seen) => !seen.isAlive)) break;
			await this.pause();
		}
		for (const lock of this.locks) lock.close();
	}

	private readComponents(): void {
		this.isDirty = false;
		this.spec = readJson<SupervisorSpec>(this.file) ?? this.spec;
		for (const spec of this.spec.components) {
			const known = this.components.get(spec.name);
			if (known) known.renew(spec);
			else this.components.set(spec.name, new Component(this.spec.home, this.spec.name, spec, () => this.wake()));
		}
	}

	private async step(now: number): Promise<Map<string, Observed>> {
		const wanted = this.isEnding ? [] : this.spec.components;
		const seen = await Promise.all([...this.components.values()].map((component) => component.observe(now)));
		const observed = new Map(seen.map((one) => [one.name, one]));
		const all = [...this.components.values()].map((component) => component.spec);
		for (const action of nextActions(wanted, all, observed, now)) {
			const component = this.components.get(action.name);
			if (action.kind === "start") component?.start(now);
			else if (action.kind === "stop") component?.stop(now, !wanted.some((spec) => spec.name === action.name));
			else component?.kill();
		}
		this.publish(observed);
		this.dropEnded(observed);
		return observed;
	}

	private publish(observed: ReadonlyMap<string, Observed>): void {
		const self = identify(process.pid);
		if (self === null) return;
		const wanted = new Set(this.isEnding ? [] : this.spec.components.map((spec) => spec.name));
		const status: SupervisorStatus = {
			supervisor: self,
			program: this.program,
			spec: fingerprintOf(this.spec),
			components: [...this.components.values()].flatMap((component) => {
				const seen = observed.get(component.spec.name);
				return seen ? [component.status(phaseOf(component.spec, wanted.has(component.spec.name), seen))] : [];
			}),
		};
		const text = JSON.stringify(status, null, "\t");
		if (text === this.lastStatus) return;
		this.lastStatus = text;
		writeAtomically(statusFile(this.spec.home, this.spec.name), text);
	}

	private dropEnded(observed: ReadonlyMap<string, Observed>): void {
		for (const [name, component] of this.components) {
			const isWanted = this.spec.components.some((spec) => spec.name === name);
			if (isWanted || observed.get(name)?.isAlive !== false) continue;
			component.forget();
			this.components.delete(name);
		}
	}

	private wake(): void {
		this.wakeUp?.();
	}

	private pause(): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, tickMs);
			this.wakeUp = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}

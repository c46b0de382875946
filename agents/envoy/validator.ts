import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import type { Log } from "@/adapters/log/log";
import { checkedConfiguration, structureOf } from "@/domain/envoy/structure";
import { messageOf } from "@/domain/errors";
import type { HostConfig } from "@/domain/host/model";
import { type ServiceTraffic, trafficKey } from "@/domain/traffic/model";
import { readDurable, writeDurably } from "../durable";

export interface ValidatorOptions {
	readonly host: HostConfig;
	readonly directory: string;
	/** The program that will run it; null = nothing is checked. */
	readonly envoy: string | null;
	readonly log: Log;
	readonly onVerdict: () => void;
}

export type Verdict = { readonly verdict: "ack" } | { readonly verdict: "nack"; readonly message: string };

const good: Verdict = { verdict: "ack" };
const deadlineMs = 20_000;
const keptStructures = 2_000;

/**
 * Has each new structure of a service's configuration checked by `envoy --mode validate`, before any Envoy meets it.
 * Weights, endpoints and releases of a known structure cost a look into a map; structures that passed are kept on disk,
 * so a restarted agent feeds at once. A check that cannot be run refuses nothing: the Envoys themselves still do.
 */
export class Validator {
	readonly #verdicts = new Map<string, Verdict>();
	readonly #hashes = new Map<string, { revision: number; hash: string }>();
	/** Hash -> a service with that structure. */
	readonly #waiting = new Map<string, ServiceTraffic>();
	readonly #underWay = new Set<string>();
	#work: Promise<void> | null = null;

	constructor(private readonly options: ValidatorOptions) {
		for (const hash of readDurable<string[]>(this.#keptFile) ?? []) this.#verdicts.set(hash, good);
	}

	/** null = not known yet: the check has begun, and `onVerdict` tells its end. */
	verdictOf(traffic: ServiceTraffic): Verdict | null {
		if (this.options.envoy === null) return good;
		const hash = this.#hashOf(traffic);
		const verdict = this.#verdicts.get(hash);
		if (verdict) return verdict;
		if (!this.#underWay.has(hash)) this.#waiting.set(hash, traffic);
		this.#work ??= this.#checkAll().finally(() => {
			this.#work = null;
			this.options.onVerdict();
		});
		return null;
	}

	/** When all of these are judged. Every one is asked for before the wait, so that they are checked together. */
	async settle(services: readonly ServiceTraffic[]): Promise<void> {
		while (services.filter((traffic) => this.verdictOf(traffic) === null).length > 0) await this.#work;
	}

	get #keptFile(): string {
		return `${this.options.directory}/validated.json`;
	}

	#hashOf(traffic: ServiceTraffic): string {
		const key = trafficKey(traffic);
		const known = this.#hashes.get(key);
		if (known?.revision === traffic.revision) return known.hash;
		const { host, envoy } = this.options;
		const text = JSON.stringify([envoy, checkedConfiguration(host, [structureOf(traffic)])]);
		const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
		this.#hashes.set(key, { revision: traffic.revision, hash });
		return hash;
	}

	/** All that wait in one go; when that is refused, one by one, to find which. */
	async #checkAll(): Promise<void> {
		while (this.#waiting.size > 0) {
			const batch = [...this.#waiting];
			for (const [hash] of batch) this.#underWay.add(hash);
			this.#waiting.clear();
			const together = await this.#check(batch.map(([, traffic]) => traffic));
			for (const [hash, traffic] of batch) {
				const verdict = together.verdict === "ack" || batch.length === 1 ? together : await this.#check([traffic]);
				this.#verdicts.set(hash, verdict);
			}
			this.#underWay.clear();
		}
		this.#keep();
	}

	#keep(): void {
		const passed = [...this.#verdicts].filter(([, { verdict }]) => verdict === "ack").map(([hash]) => hash);
		try {
			writeDurably(this.#keptFile, JSON.stringify(passed.slice(-keptStructures)));
		} catch (error) {
			this.options.log.warn(
				{ error: messageOf(error) },
				"what passed the check cannot be kept: it is checked again after a restart",
			);
		}
	}

	async #check(services: readonly ServiceTraffic[]): Promise<Verdict> {
		const { host, directory, envoy, log } = this.options;
		const file = `${directory}/validate.json`;
		const before = performance.now();
		try {
			writeFileSync(file, JSON.stringify(checkedConfiguration(host, services.map(structureOf))), { mode: 0o600 });
			const refusal = await refusalOf(envoy ?? "", file);
			const facts = { services: services.map(trafficKey), tookMs: Math.round(performance.now() - before) };
			log.info({ ...facts, refusal }, "a changed configuration is checked");
			return refusal === null ? good : { verdict: "nack", message: refusal };
		} catch (error) {
			log.error({ error: messageOf(error) }, "a changed configuration cannot be checked: the Envoys are fed without");
			return good;
		} finally {
			rmSync(file, { force: true });
		}
	}
}

/** Why Envoy would not take this file; null = it would. Throws when it cannot be asked. */
function refusalOf(envoy: string, file: string): Promise<string | null> {
	const argv = ["--mode", "validate", "--disable-hot-restart", "--concurrency", "1", "--log-level", "error", "-c", file];
	return new Promise((resolve, reject) => {
		execFile(envoy, argv, { timeout: deadlineMs }, (error, _stdout, stderr) => {
			if (error === null) return resolve(null);
			// One that Envoy dies of would end the running ones, too; SIGKILL is the kernel's, for want of memory.
			const isFatal = typeof error.signal === "string" && error.killed !== true && error.signal !== "SIGKILL";
			if (typeof error.code !== "number" && !isFatal) return reject(error);
			resolve(sentenceOf(isFatal ? `${stderr}\nit ends with ${error.signal}` : stderr));
		});
	});
}

/** Envoy's own words, without its time stamps, file names and the sentence that says it ends. */
function sentenceOf(output: string): string {
	const lines = output
		.split("\n")
		.map((line) => line.replace(/^(\[[^\]]*\])+ (\[[^\]]*\] )?/, "").replace(/^error initializing configuration '[^']*': /, ""))
		.map((line) => line.trim())
		.filter((line) => line !== "" && !/^(exiting|configuration '.*' OK)$/i.test(line));
	const said = [...new Set(lines)].join("; ").slice(0, 2_000);
	return `envoy --mode validate refuses it: ${said === "" ? "without a word" : said}`;
}

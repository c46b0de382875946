import type Docker from "dockerode";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";
import type { DesiredDocument, HostConfig } from "@/domain/host/model";
import { imageReference, statusOf } from "./docker/containers";

const everyMs = 10 * 60_000;
/** A rollback within a day pulls nothing. */
const keptMs = 24 * 60 * 60_000;

/**
 * Removes images from this host's engine that came through its forwarder, that the desired document has not named for a
 * day, and that no container was made of. Images of others, and names that others gave to ours, are left alone.
 */
export class ImageCleanup {
	/** Since when the document does not name it; an agent that starts again begins to count again. */
	readonly #unusedSince = new Map<string, number>();
	#desired: DesiredDocument | null = null;
	#timer: NodeJS.Timeout | null = null;

	constructor(
		private readonly engine: Docker,
		private readonly host: Pick<HostConfig, "forwarderPort">,
		private readonly log: Pick<Log, "info" | "warn">,
	) {}

	apply(desired: DesiredDocument): void {
		this.#desired = desired;
	}

	start(): void {
		this.#timer = setInterval(() => {
			this.tidy(Date.now()).catch((error: unknown) =>
				this.log.warn({ error: messageOf(error) }, "images that nothing needs cannot be removed; trying again"),
			);
		}, everyMs);
	}

	/** Never told what to run: it may be all of them. */
	async tidy(now: number): Promise<void> {
		if (this.#desired === null) return;
		const { instances, images = [] } = this.#desired;
		const needed = new Set([...instances.map(({ image }) => image), ...images].map((image) => imageReference(this.host, image)));
		const found = await this.#pulled();
		for (const reference of this.#unusedSince.keys())
			if (needed.has(reference) || !found.has(reference)) this.#unusedSince.delete(reference);
		for (const reference of found) {
			if (needed.has(reference)) continue;
			const since = this.#unusedSince.get(reference) ?? now;
			this.#unusedSince.set(reference, since);
			if (now - since > keptMs) await this.#remove(reference);
		}
	}

	async #pulled(): Promise<Set<string>> {
		const prefix = imageReference(this.host, "");
		const images = await this.engine.listImages();
		return new Set(images.flatMap(({ RepoDigests: names }) => (names ?? []).filter((name) => name.startsWith(prefix))));
	}

	async #remove(reference: string): Promise<void> {
		try {
			await this.engine.getImage(reference).remove();
			this.#unusedSince.delete(reference);
			this.log.info({ image: reference }, "an image that nothing has needed for a day was removed");
		} catch (error) {
			// A container was made of it: as long as that is there.
			if (statusOf(error) !== 409 && statusOf(error) !== 404) throw error;
		}
	}

	stop(): void {
		if (this.#timer) clearInterval(this.#timer);
	}
}

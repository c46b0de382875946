import type Docker from "dockerode";
import { messageOf } from "@/domain/errors";
import type { HostConfig, ImageReport } from "@/domain/host/model";
import { imageReference } from "./docker/containers";
import { ensureImage } from "./docker/pull";

const retryMs = 5_000;

interface Pull {
	isBusy: boolean;
	/** null = not ended yet. */
	report: ImageReport | null;
	retryAt: number;
}

/** Gets the images that the desired document asks for ahead, so that whoever stops something for one does not wait for it. */
export class Images {
	readonly #pulls = new Map<string, Pull>();

	constructor(
		private readonly engine: Docker,
		private readonly host: Pick<HostConfig, "forwarderPort">,
		private readonly onChange: () => void,
	) {}

	/** Begins what is missing and tries again what failed; those that are not asked for any more are forgotten, not removed. */
	look(images: readonly string[]): void {
		for (const image of this.#pulls.keys()) if (!images.includes(image)) this.#pulls.delete(image);
		for (const image of images) {
			const pull = this.#pulls.get(image) ?? { isBusy: false, report: null, retryAt: 0 };
			this.#pulls.set(image, pull);
			if (pull.isBusy || pull.report?.problem === null || Date.now() < pull.retryAt) continue;
			pull.isBusy = true;
			void this.#pull(image, pull);
		}
	}

	async #pull(image: string, pull: Pull): Promise<void> {
		try {
			await ensureImage(this.engine, imageReference(this.host, image));
			pull.report = { image, problem: null };
		} catch (error) {
			pull.report = { image, problem: messageOf(error) };
			pull.retryAt = Date.now() + retryMs;
		}
		pull.isBusy = false;
		this.onChange();
	}

	report(): ImageReport[] {
		return [...this.#pulls.values()].flatMap(({ report }) => report ?? []);
	}
}

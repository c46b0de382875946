import type Docker from "dockerode";
import { statusOf } from "./containers";

/** From the start of a pull; the manifest's own deadline is the rollout's to keep. */
const deadlineMs = 600_000;

/** Has the image, by digest, or gets it through the host's forwarder. Throws with Docker's own words. */
export async function ensureImage(engine: Docker, reference: string): Promise<void> {
	if (await hasImage(engine, reference)) return;
	const stream = await engine.pull(reference);
	await new Promise<void>((resolve, reject) => {
		const deadline = setTimeout(() => {
			(stream as unknown as { destroy(): void }).destroy();
			reject(new Error(`the pull was not done within ${deadlineMs / 60_000} minutes`));
		}, deadlineMs);
		engine.modem.followProgress(stream, (error: Error | null, events: { error?: string }[] | null) => {
			clearTimeout(deadline);
			const failure = error?.message ?? events?.find((event) => event.error)?.error;
			if (failure) reject(new Error(failure));
			else resolve();
		});
	});
}

async function hasImage(engine: Docker, reference: string): Promise<boolean> {
	try {
		await engine.getImage(reference).inspect();
		return true;
	} catch (error) {
		if (statusOf(error) === 404) return false;
		throw error;
	}
}

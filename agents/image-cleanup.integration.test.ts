import Docker from "dockerode";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pushImage } from "@/adapters/registry/push";
import type { DesiredDocument, DesiredInstance } from "@/domain/host/model";
import { scratchRegistry } from "@/platform/testing/scratch-registry";
import { ImageCleanup } from "./image-cleanup";

/** The machine's own engine; everything of the test has the port of the test's registry in its name. */
const engine = new Docker({ socketPath: "/var/run/docker.sock" });
const quiet = { info: () => undefined, warn: () => undefined };
const dayMs = 24 * 60 * 60_000;
let registry: Awaited<ReturnType<typeof scratchRegistry>>;
let port: number;
const images: string[] = [];
const containers: string[] = [];

beforeAll(async () => {
	registry = await scratchRegistry();
	port = Number(registry.address.split(":")[1]);
	for (const name of ["desired", "used", "unused"]) images.push(await pullNew(name));
});
afterAll(async () => {
	for (const id of containers) await engine.getContainer(id).remove({ force: true });
	for (const image of images)
		await engine
			.getImage(reference(image))
			.remove()
			.catch(() => undefined);
	await registry.close();
});

const reference = (image: string) => `127.0.0.1:${port}/${image}`;

/** Made, pushed, forgotten and pulled by its digest, as an agent has it. Answers `repository@digest`. */
async function pullNew(name: string): Promise<string> {
	const tar = pack();
	tar.entry({ name: "content" }, `${name} ${process.pid} ${Date.now()}`);
	tar.finalize();
	const local = `sluice-image-cleanup-${port}-${name}`;
	const imported = await engine.importImage(tar as unknown as NodeJS.ReadableStream, { repo: local, tag: "1" });
	await new Promise((resolve, reject) =>
		engine.modem.followProgress(imported, (error) => (error ? reject(error) : resolve(null))),
	);
	const image = await pushImage(engine, registry.address, `${local}:1`, name, () => undefined);
	await engine.getImage(`${local}:1`).remove();
	const pulled = await engine.pull(reference(image));
	await new Promise((resolve, reject) => engine.modem.followProgress(pulled, (error) => (error ? reject(error) : resolve(null))));
	return image;
}

async function there(): Promise<string[]> {
	const found = await engine.listImages();
	return found.flatMap(({ RepoDigests: names }) => (names ?? []).filter((name) => name.startsWith(`127.0.0.1:${port}/`))).sort();
}

it("an image that nothing has named for a day goes; what the document names, and what a container has, stays", async () => {
	const [desired = "", used = "", unused = ""] = images;
	const container = await engine.createContainer({ Image: reference(used), Cmd: ["/content"] });
	containers.push(container.id);
	const all = [desired, used, unused].map(reference).sort();
	expect(await there()).toEqual(all);
	const cleanup = new ImageCleanup(engine, { forwarderPort: port }, quiet);
	const document = (...names: string[]): DesiredDocument => ({
		...{ installation: "test01", host: "h1", revision: 1 },
		instances: names.map((image) => ({ image }) as DesiredInstance),
	});

	await cleanup.tidy(0);
	await cleanup.tidy(2 * dayMs);
	expect(await there(), "never told what to run").toEqual(all);

	cleanup.apply(document(desired, unused));
	await cleanup.tidy(0);
	cleanup.apply(document(desired));
	await cleanup.tidy(2 * dayMs);
	expect(await there(), "not named since just now").toEqual(all);
	await cleanup.tidy(2 * dayMs + dayMs - 1);
	expect(await there(), "not for a day").toEqual(all);
	await cleanup.tidy(3 * dayMs + 1);
	expect(await there()).toEqual([desired, used].map(reference).sort());
});

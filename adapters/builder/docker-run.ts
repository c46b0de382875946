import { PassThrough } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type Docker from "dockerode";
import type { Output, RunRequest, RunResult } from "@/adapters/builder/port";
import { labels } from "@/domain/names";

/** Which build a container belongs to. */
export const buildLabel = "dev.sluice.build";

/** Runs the command in a container of the image and removes it, whatever happens to us short of a kill. */
export async function dockerRun(
	docker: Docker,
	installation: string,
	request: RunRequest,
	output: Output,
	signal: AbortSignal,
): Promise<RunResult> {
	signal.throwIfAborted();
	const container = await docker.createContainer({
		Image: request.image,
		Cmd: [...request.command],
		Env: Object.entries(request.variables).map(([name, value]) => `${name}=${value}`),
		Labels: { [labels.installation]: installation, [labels.role]: "build", [buildLabel]: request.build },
		HostConfig: {
			Memory: request.limits.memoryBytes,
			MemorySwap: request.limits.memoryBytes,
			NanoCpus: Math.round(request.limits.cpus * 1e9),
			PidsLimit: request.limits.processes,
			CapDrop: ["ALL"],
			SecurityOpt: ["no-new-privileges"],
			Init: true,
		},
	});
	let isLate = false;
	const kill = (): void => {
		container.kill().catch(() => {});
	};
	const timer = setTimeout(() => {
		isLate = true;
		kill();
	}, request.deadlineMs);
	signal.addEventListener("abort", kill, { once: true });
	try {
		const stream = await container.attach({ stream: true, stdout: true, stderr: true });
		const read = follow(docker, stream, output);
		signal.throwIfAborted();
		await container.start();
		if (signal.aborted) kill();
		const { StatusCode: code } = (await container.wait()) as { StatusCode: number };
		await read;
		signal.throwIfAborted();
		if (isLate) return { kind: "deadline" };
		const { State } = await container.inspect();
		return State.OOMKilled ? { kind: "out-of-memory" } : { kind: "exited", code };
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", kill);
		await container.remove({ force: true, v: true }).catch(() => {});
	}
}

function follow(docker: Docker, stream: NodeJS.ReadWriteStream, output: Output): Promise<void> {
	const sink = (): PassThrough => {
		const decoder = new StringDecoder("utf8");
		return new PassThrough().on("data", (chunk: Buffer) => output(decoder.write(chunk)));
	};
	docker.modem.demuxStream(stream, sink(), sink());
	return new Promise((resolve) => {
		stream.on("end", resolve);
		stream.on("close", resolve);
		stream.on("error", () => resolve());
	});
}

/** Containers a killed run of this build left behind. */
export async function removeBuildContainers(docker: Docker, installation: string, build: string): Promise<void> {
	const label = [`${labels.installation}=${installation}`, `${labels.role}=build`, `${buildLabel}=${build}`];
	const left = await docker.listContainers({ all: true, filters: { label } });
	for (const { Id } of left) await docker.getContainer(Id).remove({ force: true, v: true });
}

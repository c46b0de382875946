import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { BuildRequest, BuildResult, Output } from "@/adapters/builder/port";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";

/** Debian's client beside the engine: a newer one on PATH may lack BuildKit. */
const dockerProgram = "/usr/bin/docker";
const word = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** `docker build` has no `--` before its words, so each is checked: none can be taken for an option. */
function buildArguments(request: BuildRequest, imageFile: string): string[] {
	if (request.target !== null && !word.test(request.target)) {
		throw new AppError("invalid", `"${request.target}" is not a build stage's name: use letters, digits, ".", "_" and "-".`);
	}
	for (const path of [request.context, request.dockerfile]) {
		if (!path.startsWith("/")) throw new AppError("internal", `The build's path ${path} is not absolute.`);
	}
	const given = Object.entries(request.arguments).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
	const secrets = request.secrets.flatMap(({ id, file }) => ["--secret", `id=${id},src=${file}`]);
	const target = request.target === null ? [] : ["--target", request.target];
	const tag = request.tag === null ? [] : ["--tag", request.tag];
	const fixed = ["build", "--progress=plain", "--iidfile", imageFile, "--file", request.dockerfile];
	return [...fixed, ...target, ...tag, ...given, ...secrets, request.context];
}

/** One build by the engine's BuildKit. */
export async function dockerBuild(
	dockerHost: string,
	request: BuildRequest,
	output: Output,
	signal: AbortSignal,
): Promise<BuildResult> {
	const folder = mkdtempSync(join(tmpdir(), "sluice-build-"));
	const imageFile = join(folder, "image");
	const decoder = new StringDecoder("utf8");
	try {
		const result = await runProcess([dockerProgram, ...buildArguments(request, imageFile)], {
			env: systemEnvironment({ DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: "1" }),
			onOutput: (chunk) => output(decoder.write(chunk)),
			signal,
		});
		if (result.code === 0) return { isBuilt: true, image: readFileSync(imageFile, "utf8").trim() };
		if (/Cannot connect to the Docker daemon|error during connect|client version .* is too/i.test(result.output)) {
			throw new AppError(
				"unavailable",
				`The Docker engine at ${dockerHost} does not answer: ${result.output.trim().split("\n").at(-1)}`,
			);
		}
		return { isBuilt: false, output: result.output };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

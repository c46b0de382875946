/**
 * Releases a service under mixed load, with ours and with the rivals, and prints one line each. Keeps its promise
 * (exit 0) only when ours has 0 failed of at least 20,000, 0 long, 0 streams cut, and the rivals show that the
 * checker can find failures.
 */
import { writeFile } from "node:fs/promises";
import Docker from "dockerode";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { gatewayHosts } from "@/domain/names";
import type { LoadVerdict } from "./load/model";
import { plainRestart } from "./rivals/plain-restart";
import { buildBenchImage } from "./support/image";
import { lineOf } from "./support/line";
import { mixedLoad, startLoad } from "./support/load";
import { type Bench, openBench } from "./support/sluice";
import { withoutDrain } from "./support/without-drain";

const service = "bench";
const environment = "staging";
const leastRequests = 20_000;

export async function benchRollout(): Promise<boolean> {
	const bench = await openBench();
	try {
		const images = await buildImages(bench);
		const manifest = await writeManifest(bench);
		const deploy = (image: string) => bench.sluice("deploy", "-f", manifest, "--image", image, "--env", environment, "--watch");
		await deploy(images[0]);

		const ours = await underLoad(bench, 66_000, async (isOver) => {
			for (let turn = 1; !isOver(); turn++) await deploy(turn % 2 === 1 ? images[1] : images[0]);
		});
		report("rolling", ours);

		const broken = await withoutDrain(bench, () => underLoad(bench, 15_000, () => deploy(images[2])));
		report("rolling without drain", broken);

		const plain = await plainRestart(bench, images[0], images[1]);
		report("plain restart", plain);

		const isKept = ours.failed === 0 && ours.requests >= leastRequests && ours.longFailed === 0 && ours.streamsCut === 0;
		const canFail = broken.failed + broken.streamsCut > 0 && plain.failed > 0;
		return isKept && canFail;
	} finally {
		await bench.close();
	}
}

function report(name: string, verdict: LoadVerdict): void {
	process.stdout.write(`${lineOf(name, verdict)}\n`);
	for (const { cause, count } of verdict.causes.slice(0, 5)) process.stderr.write(`  ${count} x ${cause}\n`);
	process.stderr.write(
		`  answers by release ${JSON.stringify(verdict.releases)}, latency ms ${JSON.stringify(verdict.latencyMs)}\n`,
	);
}

/** Runs `work` while clients go through the gateway; `isOver` tells it that no new request will be sent. */
async function underLoad(
	bench: Bench,
	durationMs: number,
	work: (isOver: () => boolean) => Promise<unknown>,
): Promise<LoadVerdict> {
	const [host] = gatewayHosts(service, { name: environment, primary: false }, bench.installation.domain);
	const load = await startLoad(mixedLoad({ ...(await bench.gateway()), host: host ?? "" }, durationMs));
	const endsAt = performance.now() + durationMs;
	await work(() => performance.now() >= endsAt);
	return load.verdict;
}

async function buildImages(bench: Bench): Promise<[string, string, string]> {
	const docker = new Docker();
	const base = await ensureBaseImage({
		dockerHost: process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock",
		onProgress: (line) => process.stderr.write(`${line}\n`),
	});
	const push = async (release: string) => {
		const tag = `sluice-bench:${release}`;
		await buildBenchImage(docker, base.reference, tag, release);
		return (await bench.sluice("image", "push", tag, "--name", service)).trim();
	};
	return [await push("a"), await push("b"), await push("c")];
}

async function writeManifest(bench: Bench): Promise<string> {
	const file = `${bench.home}/bench.yaml`;
	await writeFile(file, manifest);
	return file;
}

const manifest = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${service}, description: The service that the rollout bench releases}
spec: {type: service, lifecycle: experimental, owner: sluice}
---
apiVersion: score.dev/v1b1
metadata: {name: ${service}}
containers:
  main:
    image: .
    resources: {limits: {memory: 256Mi, cpu: 500m}}
    readinessProbe: {httpGet: {path: /healthz, port: 8080}}
service:
  ports:
    http: {port: 8080, targetPort: 8080}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${service}}
environments:
  ${environment}: {instances: 2}
`;

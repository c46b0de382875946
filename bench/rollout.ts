/**
 * Releases a service under mixed load, rolling and by a canary, and by what rivals do, and prints one line each. Keeps
 * its promise (exit 0) only when both of ours have 0 failed of at least 20,000, 0 long, 0 streams cut, the canary's
 * declared weights hold by an exact test, and the rivals show that the checker can find failures.
 */
import { writeFile } from "node:fs/promises";
import Docker from "dockerode";
import { ensureBaseImage } from "@/adapters/builder/base-image";
import { gatewayHosts } from "@/domain/names";
import type { RolloutPage } from "@/server/views";
import type { LoadVerdict } from "./load/model";
import { plainRestart } from "./rivals/plain-restart";
import { buildBenchImage } from "./support/image";
import { lineOf } from "./support/line";
import { mixedLoad, startLoad } from "./support/load";
import { environment, manifestWith, type StrategyWords, service } from "./support/manifest";
import { answersByRelease, judgeShare, shareLine } from "./support/shares";
import { type Bench, openBench } from "./support/sluice";
import { withoutDrain } from "./support/without-drain";

const leastRequests = 20_000;
/** At 320 requests a second a little more than that. */
const durationMs = 66_000;
const requestsPerWeight = 10_000;

const timedPause = { pause: { duration: "2s" } };
const canary = { canary: { steps: [{ setWeight: 10 }, timedPause, { setWeight: 50 }, timedPause, { setWeight: 100 }] } };
const untilPromoted = { pause: {} };
const held = { canary: { steps: [{ setWeight: 10 }, untilPromoted, { setWeight: 50 }, untilPromoted] } };

type Letter = "a" | "b" | "c";
type Images = Readonly<Record<Letter, string>>;

export async function benchRollout(): Promise<boolean> {
	const bench = await openBench();
	try {
		const images = await buildImages(bench);
		await deploy(bench, images.a, null, "--watch");

		const rolling = await underLoad(bench, durationMs, alternating(bench, images, null));
		report("rolling", rolling);
		const stepped = await underLoad(bench, durationMs, alternating(bench, images, canary));
		report("canary", stepped);
		const holdsWeights = await weights(bench, images);

		const broken = await withoutDrain(bench, () => underLoad(bench, 15_000, () => deploy(bench, images.c, null, "--watch")));
		report("rolling without drain", broken);
		const plain = await plainRestart(bench, images.a, images.b);
		report("plain restart", plain);

		const isKept = isClean(rolling) && isClean(stepped) && holdsWeights;
		const canFail = broken.failed + broken.streamsCut > 0 && plain.failed > 0;
		return isKept && canFail;
	} finally {
		await bench.close();
	}
}

function isClean(verdict: LoadVerdict): boolean {
	return verdict.failed === 0 && verdict.requests >= leastRequests && verdict.longFailed === 0 && verdict.streamsCut === 0;
}

/** One release after the other until no new request comes. Begins and ends on "a": what follows knows what serves. */
function alternating(bench: Bench, images: Images, strategy: StrategyWords) {
	return async (isOver: () => boolean) => {
		let turn = 0;
		for (; !isOver(); turn++) await deploy(bench, turn % 2 === 0 ? images.b : images.a, strategy, "--watch");
		if (turn % 2 === 1) await deploy(bench, images.a, strategy, "--watch");
		process.stderr.write(`  ${turn} rollouts under load\n`);
	};
}

/** From release a to b, held at each weight until its share of the answers is counted. */
async function weights(bench: Bench, images: Images): Promise<boolean> {
	await deploy(bench, images.b, held);
	let isKept = true;
	for (const [index, weight] of [10, 50].entries()) {
		await inStep(bench, index * 2 + 1);
		const share = judgeShare(await answersByRelease(await target(bench), requestsPerWeight), "b", weight);
		process.stdout.write(`${shareLine(share)}\n`);
		isKept &&= share.holds;
		if (index === 0) await bench.sluice("promote", service, "--env", environment);
		else await bench.sluice("promote", service, "--env", environment, "--watch");
	}
	return isKept;
}

/** The weight before this step is in force on every proxy when the rollout has come to it. */
async function inStep(bench: Bench, step: number): Promise<void> {
	for (;;) {
		const page = JSON.parse(await bench.sluice("rollout", "status", service, environment, "--output", "json")) as RolloutPage;
		if (page.step === step) return;
		if (page.endedAt !== null) throw new Error(`The rollout ended before step ${step}: ${page.state} (${page.reason}).`);
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
	const load = await startLoad(mixedLoad(await target(bench), durationMs));
	const endsAt = performance.now() + durationMs;
	await work(() => performance.now() >= endsAt);
	return load.verdict;
}

async function target(bench: Bench): Promise<{ address: string; port: number; host: string }> {
	const [host = ""] = gatewayHosts(service, { name: environment, primary: false }, bench.installation.domain);
	return { ...(await bench.gateway()), host };
}

async function deploy(bench: Bench, image: string, strategy: StrategyWords, ...words: readonly string[]): Promise<void> {
	const file = `${bench.home}/bench.yaml`;
	await writeFile(file, manifestWith(strategy));
	await bench.sluice("deploy", "-f", file, "--image", image, "--env", environment, ...words);
}

async function buildImages(bench: Bench): Promise<Images> {
	const docker = new Docker();
	const base = await ensureBaseImage({
		dockerHost: process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock",
		onProgress: (line) => process.stderr.write(`${line}\n`),
	});
	const push = async (release: Letter) => {
		const tag = `sluice-bench:${release}`;
		await buildBenchImage(docker, base.reference, tag, release);
		return (await bench.sluice("image", "push", tag, "--name", service)).trim();
	};
	return { a: await push("a"), b: await push("b"), c: await push("c") };
}

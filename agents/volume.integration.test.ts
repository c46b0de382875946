import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ConvergerTrial, openConvergerTrial, waitMs } from "./testing/converger-trial";

let trial: ConvergerTrial;
let volume: string;

beforeAll(async () => {
	trial = await openConvergerTrial("cache");
	volume = `sluice-${trial.installation}-cache-staging-data-000001`;
}, 300_000);
afterAll(() => trial.close([volume]));

const instance = (id: string) =>
	trial.instance({
		id,
		program: "setInterval(() => {}, 1000)",
		ports: [],
		volumes: [{ id: volume, name: "data", target: "/data", readOnly: false }],
	});
const isRunning = (id: string) =>
	vi.waitFor(() => expect(trial.report().instances.find((one) => one.id === id)?.state).toBe("running"), waitMs);

async function run(id: string, script: string): Promise<string> {
	const exec = await trial.engine
		.getContainer(instance(id).containerName)
		.exec({ Cmd: ["node", "-e", script], AttachStdout: true, Tty: true });
	return (await text(await exec.start({ Tty: true }))).trim();
}

test("what an instance writes into its volume is read by the next one, and goes when a person says so, not before", async () => {
	trial.apply(1, [instance("one")]);
	await isRunning("one");
	await run("one", "require('fs').writeFileSync('/data/kept', 'from one')");
	expect(await trial.volumes()).toEqual([volume]);

	// Both at once is what nobody should ask for: the second waits until the first is gone.
	trial.apply(2, [instance("one"), instance("two")]);
	await vi.waitFor(() => expect(trial.report().volumes).toEqual([volume]), waitMs);
	expect(await trial.containers()).toEqual([`/sluice-${trial.installation}-one`]);

	trial.apply(3, [instance("two")]);
	await isRunning("two");
	expect(await trial.containers()).toEqual([`/sluice-${trial.installation}-two`]);
	expect(await run("two", "console.log(require('fs').readFileSync('/data/kept', 'utf8'))")).toBe("from one");

	// Held, it stays, whatever the document says; nothing but that word ever removes it.
	trial.apply(4, [instance("two")], { removedVolumes: [volume] });
	await vi.waitFor(() => expect(trial.report().converged).toBe(true), waitMs);
	expect(await trial.volumes()).toEqual([volume]);
	trial.apply(5, []);
	await vi.waitFor(async () => expect(await trial.containers()).toEqual([]), waitMs);
	expect(await trial.volumes()).toEqual([volume]);
	trial.apply(6, [], { removedVolumes: [volume] });
	await vi.waitFor(() => expect(trial.report().volumes).toEqual([]), waitMs);
	expect(await trial.volumes()).toEqual([]);
}, 120_000);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import { portOf } from "@/domain/installation";
import { obtainDeb } from "./obtain/deb";
import { collectGarbage, isReadOnly, prepareRegistry, registry } from "./registry";
import { checkout, type Setup } from "./setup";
import { applySpec, endSupervisor, supervisorSources, waitReady } from "./supervisor/control";
import { endMarked } from "./supervisor/end-marked";
import { versions } from "./versions";

/** A registry under a supervisor of its own, and nothing else. */
const installation = { id: "zzregi", portBase: 26_600, domain: "localhost", fleet: [] };
const uploads = `http://127.0.0.1:${portOf(installation.portBase, "registry")}/v2/orders/blobs/uploads/`;
let home: string;

beforeAll(async () => {
	home = mkdtempSync(`${tmpdir()}/sluice-registry-`);
	const programs = { temporal: "", envoy: "", prometheus: null, registry: await obtainDeb(versions.registry) };
	const setup: Setup = { root: checkout, home, installation, programs };
	prepareRegistry(setup);
	const locks = [`sluice-supervisor-${installation.id}`];
	const spec = { name: "installation", home, program: supervisorSources(checkout), locks, components: [registry(setup)] };
	applySpec(checkout, spec);
	await waitReady(spec, 60_000);
});
afterAll(async () => {
	await endSupervisor(home, "installation", 20_000);
	await endMarked(home, () => true);
	rmSync(home, { recursive: true, force: true });
});

/** What a push begins with; null = nobody answers just now. */
const push = async (): Promise<number | null> => (await fetch(uploads, { method: "POST" }).catch(() => null))?.status ?? null;

it("takes no push while garbage is collected, and takes them again afterwards", async () => {
	expect(await push()).toBe(202);
	const seen = new Set<number | null>();
	let isDone = false;
	const collecting = collectGarbage(home).finally(() => {
		isDone = true;
	});
	while (!isDone) seen.add(await push());
	await collecting;
	expect(seen.has(405)).toBe(true);
	expect(isReadOnly(home)).toBe(false);
	expect(await push()).toBe(202);
});

import type Docker from "dockerode";
import { expect, test } from "vitest";
import { emptyEngine } from "./network";

/** An engine in which a container comes only after the first look, as one that its agent had asked for before it was ended. */
function engineWith({ late = [], leaked = false }: { late?: string[]; leaked?: boolean }) {
	const containers = new Set(["early"]);
	const networks = new Set(["staging"]);
	const refuse = (statusCode: number) =>
		Promise.reject(Object.assign(new Error("network staging has active endpoints"), { statusCode }));
	const engine = {
		listContainers: async () => {
			const seen = [...containers].map((Id) => ({ Id }));
			for (const id of late.splice(0)) containers.add(id);
			return seen;
		},
		getContainer: (id: string) => ({ remove: async () => containers.delete(id) }),
		listNetworks: async () => [...networks].map((Id) => ({ Id })),
		getNetwork: (id: string) => ({
			remove: () => (leaked || containers.size > 0 ? refuse(403) : Promise.resolve(networks.delete(id))),
		}),
	};
	return { engine: engine as unknown as Docker, left: () => [...containers, ...networks] };
}

test("a container that comes while its engine is emptied is removed, too, and then its network", async () => {
	const { engine, left } = engineWith({ late: ["late"] });
	await emptyEngine(engine, "abc123");
	expect(left()).toEqual([]);
});

test("a network that a killed engine counts endpoints of holds nothing up", async () => {
	const { engine, left } = engineWith({ leaked: true });
	await emptyEngine(engine, "abc123");
	expect(left()).toEqual(["staging"]);
});

import { expect, it } from "vitest";
import type { Tx } from "@/server/store/client";
import { keptShortly } from "@/server/store/kept";

it("one reading serves all who ask, a younger one is made while the older is given, and too old a one is not", async () => {
	let time = 0;
	let readings = 0;
	const read = keptShortly(
		async () => ++readings,
		() => time,
	);
	const database = {} as Tx;
	expect(await Promise.all([read(database), read(database)])).toEqual([1, 1]);
	time = 499;
	expect(await read(database)).toBe(1);
	time = 500;
	expect(await read(database)).toBe(1);
	expect(await read(database)).toBe(2);
	time = 3_000;
	expect(await read(database)).toBe(3);
	expect(await read({} as Tx)).toBe(4);
});

it("what takes long to read is taken as it is for longer, but never for more than 5 s", async () => {
	let time = 0;
	let took = 100;
	let readings = 0;
	const read = keptShortly(
		async () => {
			time += took;
			return ++readings;
		},
		() => time,
	);
	const database = {} as Tx;
	const readAt = async (at: number) => {
		time = at;
		return read(database);
	};
	expect([await readAt(0), await readAt(1_999), await readAt(10_000)]).toEqual([1, 1, 2]);
	took = 10_000;
	expect([await readAt(30_000), await readAt(34_999), await readAt(55_000)]).toEqual([3, 3, 4]);
});

it("a failure is told to who waits, and the next one asks again", async () => {
	let isBroken = true;
	const read = keptShortly(async () => {
		if (isBroken) throw new Error("away");
		return "here";
	});
	const database = {} as Tx;
	await expect(read(database)).rejects.toThrow("away");
	isBroken = false;
	expect(await read(database)).toBe("here");
});

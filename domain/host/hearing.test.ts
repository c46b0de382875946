import { expect, test } from "vitest";
import { type Hearing, heardForMs, listenAgain } from "@/domain/host/hearing";

/** Looks at these times; a negative one heard nobody. */
function after(...looks: number[]): number {
	const hearing = looks.reduce<Hearing | null>((before, at) => listenAgain(before, Math.abs(at), at > 0), null);
	return hearing ? heardForMs(hearing) : 0;
}

test("the time counts from the first look, and anew after one that heard nobody", () => {
	expect(after(1_000)).toBe(0);
	expect(after(1_000, 6_000, 11_000)).toBe(10_000);
	expect(after(1_000, 6_000, -11_000)).toBe(0);
	expect(after(1_000, 6_000, -11_000, 16_000, 21_000)).toBe(5_000);
});

test("a long time without a look counts as silence", () => {
	expect(after(1_000, 16_000)).toBe(15_000);
	expect(after(1_000, 6_000, 90_000, 95_000)).toBe(5_000);
});

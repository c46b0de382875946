import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageName, imagesKept, type ReleaseImage, unneededImages } from "./keep";

const release = (service: string, number: number, digest = `sha256:${service}${number}`): ReleaseImage => ({
	...{ service, number, digest, repository: service },
});
const names = (images: readonly ReleaseImage[]) => images.map(imageName).sort();

describe("images that nothing needs", () => {
	it("are those of releases before the newest ten images of their service", () => {
		const releases = Array.from({ length: 12 }, (_, index) => release("orders", index + 1));
		expect(names(unneededImages(releases, new Set()))).toEqual(["orders@sha256:orders1", "orders@sha256:orders2"]);
	});

	it("are none that something refers to, however old", () => {
		const releases = Array.from({ length: 12 }, (_, index) => release("orders", index + 1));
		expect(names(unneededImages(releases, new Set(["orders@sha256:orders1"])))).toEqual(["orders@sha256:orders2"]);
	});

	it("are counted by image: ten new configurations push no image out", () => {
		const configured = Array.from({ length: 30 }, (_, index) => release("orders", index + 2, "sha256:new"));
		expect(unneededImages([release("orders", 1), ...configured], new Set())).toEqual([]);
	});

	it("are never referred to, nor of the newest ten, in any order", () => {
		const any = fc.array(
			fc.record({
				service: fc.constantFrom("a", "b"),
				number: fc.integer({ min: 1, max: 40 }),
				repository: fc.constant("shared"),
				digest: fc.integer({ min: 1, max: 25 }).map((number) => `sha256:${number}`),
			}),
			{ maxLength: 60 },
		);
		fc.assert(
			fc.property(any, fc.array(fc.integer({ min: 1, max: 25 })), (releases, used) => {
				const referenced = new Set(used.map((number) => `shared@sha256:${number}`));
				const gone = new Set(names(unneededImages(releases, referenced)));
				for (const name of referenced) expect(gone.has(name)).toBe(false);
				for (const service of ["a", "b"]) {
					const own = releases.filter((one) => one.service === service).toSorted((left, right) => right.number - left.number);
					for (const name of [...new Set(own.map(imageName))].slice(0, imagesKept)) expect(gone.has(name)).toBe(false);
				}
			}),
		);
	});
});

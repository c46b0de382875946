import { expect, test } from "vitest";
import { baseImageOf, wantedBaseImages } from "@/domain/pipeline/base-image";
import manifest from "@/package.json" with { type: "json" };

test("a Dockerfile gets the bases it asks for before its first stage, and no other", () => {
	const names = (dockerfile: string) => wantedBaseImages(dockerfile).map(({ name }) => name);
	expect(names("ARG BASE_IMAGE=node:24\nFROM $BASE_IMAGE")).toEqual(["node24"]);
	expect(names("ARG GO_IMAGE\nARG BASE_IMAGE\nFROM $GO_IMAGE")).toEqual(["node24", "go"]);
	expect(names("FROM golang\nARG GO_IMAGE")).toEqual([]);
});

test("the catalogue tells the Node.js that package.json pins", () => {
	const [node] = baseImageOf("node24").parts;
	expect(Object.values(manifest.optionalDependencies)).toEqual([node.version, node.version]);
});

import { expect, test } from "vitest";
import { namedImages } from "@/domain/pipeline/named-images";

const references = (dockerfile: string, given: Record<string, string> = {}, target: string | null = null) =>
	namedImages(dockerfile, given, target).map(({ reference }) => reference);

test.each<[string, string, string[]]>([
	["one image", "FROM python:3.12-slim\nRUN x", ["python:3.12-slim"]],
	["lower-case words", "from golang as b\nfrom alpine\ncopy --from=b /a /a", ["golang", "alpine"]],
	["a platform", "FROM --platform=$BUILDPLATFORM golang:1.22 AS build\nRUN x", ["golang:1.22"]],
	["a digest", "FROM node:20@sha256:abc", ["node:20@sha256:abc"]],
	["a registry with a port", "FROM localhost:5000/a/b:1", ["localhost:5000/a/b:1"]],
	["an earlier stage, whatever its case", "FROM a:1 AS Build\nFROM build AS next\nFROM NEXT", ["a:1"]],
	["a stage is none before it begins", "FROM later\nFROM a AS later\nCOPY --from=0 /x /x", ["later", "a"]],
	["scratch", "FROM a AS b\nFROM scratch\nCOPY --from=b /x /x", ["a"]],
	["a default", `ARG TAG="3.12"\nARG IMAGE=python:$TAG\nFROM \${IMAGE}-slim`, ["python:3.12-slim"]],
	["a default in the place of nothing", `ARG TAG\nFROM python:\${TAG:-3.12}`, ["python:3.12"]],
	["an argument that nothing fills in", "ARG IMAGE\nFROM $IMAGE", []],
	["an argument after the first stage", "FROM a AS b\nARG IMAGE=c\nFROM $IMAGE", []],
	["what is copied from", "FROM a\nCOPY --from=ghcr.io/b/uv:1 --chown=1:1 /uv /bin/", ["a", "ghcr.io/b/uv:1"]],
	["what is mounted", "FROM a\nRUN --mount=type=cache,target=/c --mount=type=bind,from=b:2,target=/b x", ["a", "b:2"]],
	["a stage by its number", "FROM a\nFROM b\nCOPY --from=0 /x /x", ["a", "b"]],
	["a number that is no stage", "FROM a\nCOPY --from=7 /x /x", ["a", "7"]],
	["its own name", "FROM a AS b\nCOPY --from=b /x /x", ["a", "b"]],
	["the same image twice", "FROM a AS x\nFROM a\nCOPY --from=x /x /x", ["a"]],
	["continued lines and comments between them", "FROM \\\n  # why\n  a:1 \\\n  AS b\nRUN x", ["a:1"]],
	["a comment", "# FROM a\nFROM b", ["b"]],
	["another escape", "# escape=`\nFROM `\n  a:1\nRUN x", ["a:1"]],
	["a line in a heredoc", "FROM a\nRUN <<EOF\nFROM b\nEOF\nRUN x", ["a"]],
	["no Dockerfile", "hello", []],
	["nothing", "", []],
])("the images of a Dockerfile with %s", (_, dockerfile, expected) => expect(references(dockerfile)).toEqual(expected));

test("a given argument comes before the default", () => {
	const dockerfile = "ARG IMAGE=python:3.12\nFROM $IMAGE";
	expect(references(dockerfile, { IMAGE: "sluice/base-python:x" })).toEqual(["sluice/base-python:x"]);
	expect(references(dockerfile, { OTHER: "x" })).toEqual(["python:3.12"]);
});

test("only stages that the target needs count", () => {
	const dockerfile =
		"FROM a AS one\nFROM b AS two\nCOPY --from=c /x /x\nFROM d AS three\nCOPY --from=one /x /x\nFROM two AS four";
	expect(references(dockerfile)).toEqual(["b", "c"]);
	expect(references(dockerfile, {}, "Three")).toEqual(["a", "d"]);
	expect(references(dockerfile, {}, "0")).toEqual(["a"]);
	expect(references(dockerfile, {}, "none")).toEqual(["b", "c"]);
});

import { describe, expect, test } from "vitest";
import { baseImages, declaresArgument, startingImages, syntaxImage, withoutSyntax } from "./dockerfile";

describe("the syntax line", () => {
	test("is found only among the directives at the top", () => {
		expect(syntaxImage("# syntax=docker/dockerfile:1\nFROM a\n")).toBe("docker/dockerfile:1");
		expect(syntaxImage("# escape=`\r\n#syntax = docker/dockerfile:1.7\r\nFROM a")).toBe("docker/dockerfile:1.7");
		expect(syntaxImage("# a comment\n# syntax=docker/dockerfile:1\nFROM a")).toBeNull();
		expect(syntaxImage("FROM a\n# syntax=x")).toBeNull();
	});

	test("is emptied and no other line moves", () => {
		const file = "# syntax=docker/dockerfile:1\nFROM a\nRUN x\n";
		expect(withoutSyntax(file)).toBe("#\nFROM a\nRUN x\n");
		expect(withoutSyntax("FROM a\n")).toBe("FROM a\n");
	});
});

test("BASE_IMAGE is given only to a file that declares it before its first stage", () => {
	expect(declaresArgument("ARG BASE_IMAGE=node:24\nFROM $BASE_IMAGE", "BASE_IMAGE")).toBe(true);
	expect(declaresArgument("arg A=1 BASE_IMAGE\nFROM x", "BASE_IMAGE")).toBe(true);
	expect(declaresArgument("FROM x\nARG BASE_IMAGE", "BASE_IMAGE")).toBe(false);
	expect(declaresArgument("ARG BASE_IMAGES=1\nFROM x", "BASE_IMAGE")).toBe(false);
});

test("base images are those that are no stage of the file", () => {
	expect(baseImages("FROM --platform=linux/amd64 a:1 AS build\nFROM build\nFROM scratch\nFROM B:2 as x\nFROM X")).toEqual([
		"a:1",
		"B:2",
	]);
});

test("an image named by an argument is what is given for it, else the default", () => {
	const dockerfile = `ARG GO=golang:1\nARG OTHER="a:2"\nFROM \${GO} AS base\nFROM $OTHER\nFROM base\nFROM $UNKNOWN\nARG GO=late`;
	expect(startingImages(dockerfile, {})).toEqual(["golang:1", "a:2", "$UNKNOWN"]);
	expect(startingImages(dockerfile, { GO: "sluice/base-go:x" })[0]).toBe("sluice/base-go:x");
});

import { describe, expect, test } from "vitest";
import { declaresArgument, syntaxImage, withoutSyntax } from "./dockerfile";

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

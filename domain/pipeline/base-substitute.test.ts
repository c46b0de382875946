import { expect, test } from "vitest";
import type { BaseImageName } from "@/domain/pipeline/base-image";
import { missingSentence, substituteFor, substituteSentence } from "@/domain/pipeline/base-substitute";

test.each<[string, BaseImageName]>([
	["python", "python"],
	["python:3.12-slim", "python"],
	["docker.io/library/python:3", "python"],
	["docker.io/python:3", "python"],
	[
		"index.docker.io/library/python:3.14.6-alpine@sha256:26730869004e2b9c4b9ad09cab8625e81d256d1ce97e72df5520e806b1709f92",
		"python",
	],
	["public.ecr.aws/docker/library/python:3.12", "python"],
	["golang:1.22", "go"],
	["golang:1.26-alpine", "go"],
	["node:20-alpine", "node24"],
	["node:lts-bookworm-slim", "node24"],
	["openjdk:17-jdk-slim", "java"],
	["eclipse-temurin:17-jre", "java"],
	["amazoncorretto:21", "java"],
	["public.ecr.aws/amazoncorretto/amazoncorretto:21", "java"],
	["mcr.microsoft.com/openjdk/jdk:21-ubuntu", "java"],
	["maven:3.9-eclipse-temurin-17", "java"],
	["gradle:8-jdk17", "java"],
	["debian:bookworm-slim", "debian"],
	["ubuntu:22.04", "debian"],
	["buildpack-deps:bookworm", "debian"],
	["alpine:3.19", "debian"],
	["busybox", "debian"],
	["gcr.io/distroless/static", "debian"],
	["gcr.io/distroless/static-debian12:nonroot", "debian"],
	["gcr.io/distroless/base-debian12", "debian"],
	["gcr.io/distroless/cc", "debian"],
	["gcr.io/distroless/java17-debian12", "java"],
	["gcr.io/distroless/nodejs20-debian12", "node24"],
	["gcr.io/distroless/python3", "python"],
])("%s is replaced by our %s base", (reference, base) => expect(substituteFor(reference)?.base).toBe(base));

test.each([
	"nginx:1.27",
	"postgres:16",
	"rust:1.80",
	"mcr.microsoft.com/dotnet/sdk:8.0",
	"ghcr.io/astral-sh/uv:latest",
	"ghcr.io/library/python:3.12",
	"company.example/python:3.12",
	"localhost:5000/python:3.12",
	"somebody/python:3.12",
	"pythonista",
	"toString",
	"gcr.io/distroless/dotnet",
	"sluice/base-python:abc",
	"",
])("there is no base of ours for %s", (reference) => expect(substituteFor(reference)).toBeNull());

test("what an alpine or gradle image has and ours has not is said", () => {
	expect(substituteFor("node:20-alpine3.19")?.remark).toMatch(/apk/);
	expect(substituteFor("alpine")?.remark).toMatch(/apk/);
	expect(substituteFor("gradle:8")?.remark).toMatch(/Gradle/);
	expect(substituteFor("node:20-slim")?.remark).toBeNull();
});

test("what a distroless image sets is set", () => {
	expect(substituteFor("gcr.io/distroless/static:nonroot")?.sets).toEqual(["USER nonroot"]);
	expect(substituteFor("gcr.io/distroless/java17:debug-nonroot")?.sets).toEqual(['ENTRYPOINT ["java", "-jar"]', "USER nonroot"]);
	expect(substituteFor("gcr.io/distroless/java-base")?.sets).toEqual([]);
});

test("the log tells what was asked for, what is taken, why, and which version", () => {
	const sentence = (reference: string) => {
		const substitute = substituteFor(reference);
		return substitute && substituteSentence(reference, substitute);
	};
	expect(sentence("python:3.12-slim")).toBe(
		"python:3.12-slim cannot be fetched here (no image hub answers): built on Sluice's python base (Python 3.11) instead.",
	);
	expect(sentence("gcr.io/distroless/static")).toBe(
		"gcr.io/distroless/static cannot be fetched here (gcr.io does not answer): built on Sluice's debian base (Debian bookworm) instead.",
	);
});

test("an image without a base of ours is named with what can be done", () => {
	expect(missingSentence([])).toBe("");
	expect(missingSentence(["nginx:1.27", "ghcr.io/a/b"])).toMatch(
		/^ nginx:1.27, ghcr.io\/a\/b cannot be fetched here \(no image hub answers, ghcr.io does not answer\).*mirror.*docker load.*ARG DEBIAN_IMAGE/,
	);
});

import { expect, it } from "vitest";
import { parseImage } from "./image";

const digest = `sha256:${"a".repeat(64)}`;

it.each([
	["redis", { registry: null, repository: "redis", tag: "latest", digest: null }],
	["redis:8", { registry: null, repository: "redis", tag: "8", digest: null }],
	["bitnami/redis:8.0-r1", { registry: null, repository: "bitnami/redis", tag: "8.0-r1", digest: null }],
	["registry.example/team/app:1", { registry: "registry.example", repository: "team/app", tag: "1", digest: null }],
	["localhost:5000/app", { registry: "localhost:5000", repository: "app", tag: "latest", digest: null }],
	[`postgres:16@${digest}`, { registry: null, repository: "postgres", tag: "16", digest }],
	[`registry.example/app@${digest}`, { registry: "registry.example", repository: "app", tag: "latest", digest }],
])("%s is read as Docker reads it", (text, name) => {
	expect(parseImage(text)).toEqual(name);
});

it.each([
	"",
	".",
	"Redis",
	"redis:",
	"redis@sha256:1",
	"a//b",
	"../etc",
	"redis:8 -v",
	"user@registry.example/app",
	"https://registry.example/app",
])("%j is no image", (text) => {
	expect(parseImage(text)).toBeNull();
});

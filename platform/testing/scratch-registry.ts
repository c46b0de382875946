import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "@/platform/command";
import { obtainDeb } from "@/platform/obtain/deb";
import { versions } from "@/platform/versions";

/** A real registry of its own on a free port of loopback. */
export async function scratchRegistry(): Promise<{
	address: string;
	/** Removes blobs that no image names. Nobody pushes meanwhile. */
	collect(): Promise<void>;
	close(): Promise<void>;
}> {
	const folder = mkdtempSync(join(tmpdir(), "sluice-registry-"));
	const address = `127.0.0.1:${await freePort()}`;
	const config = {
		version: 0.1,
		log: { level: "error" },
		storage: { filesystem: { rootdirectory: folder }, delete: { enabled: true } },
		http: { addr: address },
	};
	writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
	const program = await obtainDeb(versions.registry);
	const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, "serve", join(folder, "config.yml")], {
		stdio: "ignore",
	});
	const isUp = async (): Promise<boolean> => (await fetch(`http://${address}/v2/`).catch(() => null))?.ok === true;
	while (!(await isUp())) {
		if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return {
		address,
		async collect() {
			await command("Collecting garbage", [program, "garbage-collect", join(folder, "config.yml")]);
		},
		async close() {
			child.kill("SIGKILL");
			await once(child, "exit");
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}

import { rmSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { hostDirectory, pathsOf } from "@/domain/installation";
import { writeAtomically } from "./atomic-file";
import { tryCommand } from "./command";
import { inside, type LocalHost } from "./host";
import { readNetwork } from "./network";
import { ownEnvironment, ownProgram, port, type Setup } from "./setup";

/** Joins a host exactly as another machine would: a token used once, and the agent's own `join`. */
export async function joinHost(setup: Setup, host: LocalHost): Promise<void> {
	const { createClient } = await import("@/cli/client");
	const { token } = await createClient(setup.home).host.createJoinToken.mutate({ name: host.name, roles: [...host.roles] });
	// In a file, as every user of the machine can read a process's arguments.
	const tokenFile = `${pathsOf(setup.home).secrets}/join-${host.name}`;
	writeAtomically(tokenFile, `${token}\n`, 0o600);
	try {
		const argv = ownProgram(
			setup.root,
			"agents/main.ts",
			...["join", "--directory", hostDirectory(setup.home, host.name), "--relay", relayAddress(setup, host)],
			...["--name", host.name, "--address", host.address, "--docker", `unix://${host.dockerSocket}`, "--token-file", tokenFile],
		);
		const env = { ...process.env, ...ownEnvironment(setup) };
		const result = await tryCommand(inside(host, argv), { cwd: setup.root, env, timeoutMs: 60_000 });
		if (result.code !== 0) throw new AppError("unavailable", `The host ${host.name} cannot join:\n${result.tail}`);
	} finally {
		rmSync(tokenFile, { force: true });
	}
}

/** A test host reaches the relay at its bridge, the machine itself on loopback. */
function relayAddress(setup: Setup, host: LocalHost): string {
	const address = host.test === null ? "127.0.0.1" : readNetwork(setup.home, "fleet")?.gateway;
	return `https://${address}:${port(setup, "relay")}`;
}

import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { gitExecPath } from "@/adapters/git/run";
import { announceReady, withdrawReady } from "@/adapters/installation/ready";
import { portOf } from "@/domain/installation";
import { createDeps } from "@/server/deps";
import { readEnv } from "@/server/env";
import { createGitServer } from "@/server/git/server";
import { pushSentences, recordPushes } from "@/server/services/push";
import { findRepository } from "@/server/store/repository";
import { actorOfToken } from "@/server/store/token";

/** The git server's process, on loopback. SIGTERM lets what is under way end. */
const env = readEnv();
const deps = createDeps(env, "git");
mkdirSync(env.paths.repositories, { recursive: true });

const server = createGitServer({
	log: deps.log,
	execPath: await gitExecPath(),
	repositories: env.paths.repositories,
	authenticate: (token) => actorOfToken(deps.database, token),
	hasRepository: async (name) => (await findRepository(deps.database, name)) !== null,
	recordPushes: async (name) => pushSentences(deps, name, await recordPushes(deps, name)),
});

const port = portOf(env.installation.portBase, "git");
server.listen(port, "127.0.0.1");
await once(server, "listening");
announceReady(env.home, "git");
deps.log.info({ port }, "serving git");

const stop = async (): Promise<void> => {
	withdrawReady(env.home, "git");
	server.closeIdleConnections();
	server.close();
	await once(server, "close");
	await deps.close();
};
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());

import { announceReady, withdrawReady } from "@/adapters/installation/ready";
import { messageOf } from "@/domain/errors";
import { createDeps } from "@/server/deps";
import { readEnv } from "@/server/env";
import { openRelay } from "@/server/relay/relay";

/** The relay process: the one door for hosts. Holds no state; any number may run, each on its own addresses. */
const deps = createDeps(readEnv(), "relay");

try {
	const relay = await openRelay(deps.env, deps.database, deps.log);
	announceReady(deps.env.home, "relay");
	deps.log.info({ urls: relay.urls }, "relay listens");
	const stop = () => {
		withdrawReady(deps.env.home, "relay");
		void relay
			.close()
			.then(() => deps.close())
			.finally(() => process.exit(0));
	};
	process.once("SIGTERM", stop);
	process.once("SIGINT", stop);
} catch (error) {
	deps.log.error({ error }, messageOf(error));
	await deps.close();
	process.exitCode = 1;
}

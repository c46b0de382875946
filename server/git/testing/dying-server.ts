import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { gitExecPath } from "@/adapters/git/run";
import { createLog } from "@/adapters/log/log";
import { createGitServer } from "@/server/git/server";
import { actorOf } from "@/server/git/testing/trial";

/** A git server in a process of its own that is killed when git's part of a push is done and the record is not. */
const server = createGitServer({
	log: createLog("dying-git"),
	execPath: await gitExecPath(),
	repositories: process.argv[2] ?? "",
	authenticate: async () => actorOf("developer"),
	hasRepository: async () => true,
	recordPushes: async () => {
		process.kill(process.pid, "SIGKILL");
		return [];
	},
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);

/** An agent that does nothing but ship logs, for tests to kill: `<engine socket> <installation> <relay address> <positions file>`. */
import Docker from "dockerode";
import { createLog } from "@/adapters/log/log";
import { AppError, messageOf } from "@/domain/errors";
import { listContainers } from "../../docker/containers";
import type { RelayRequest } from "../../relay/client";
import { LogShipper } from "../shipper";

const [socketPath = "", installation = "", relay = "", file = ""] = process.argv.slice(2);
const engine = new Docker({ socketPath });

async function ask<T>({ method, path, body }: RelayRequest): Promise<{ body: T; etag: string | null } | null> {
	const answer = await fetch(relay + path, { method, body: JSON.stringify(body) }).catch((cause: unknown) => {
		throw new AppError("unavailable", messageOf(cause));
	});
	if (answer.status === 204) return null;
	throw new AppError(answer.status === 403 ? "forbidden" : "unavailable", await answer.text());
}

const shipper = new LogShipper({ engine, relay: { ask }, file, log: createLog("agent") });
const look = async (): Promise<void> => shipper.see(await listContainers(engine, installation));
setInterval(() => void look(), 300);
process.on("SIGTERM", () => process.exit());

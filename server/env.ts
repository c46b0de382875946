import { z } from "zod";
import { readInstallation, readSecret } from "@/adapters/installation/read";
import { readServers } from "@/adapters/installation/servers";
import { type Installation, pathsOf, portOf } from "@/domain/installation";

/** An empty variable is one that is not set, as in a shell or a compose file. */
const named = z
	.string()
	.optional()
	.transform((value) => value || undefined);

const schema = z.object({
	SLUICE_HOME: z.string().min(1),
	/** Names a Postgres of your own instead of the kept or the embedded one. */
	DATABASE_URL: named,
	/** Names a Temporal of your own instead of the kept or the embedded one. */
	TEMPORAL_ADDRESS: named,
});

export interface Env {
	readonly home: string;
	readonly installation: Installation;
	readonly paths: ReturnType<typeof pathsOf>;
	readonly databaseUrl: string;
	readonly temporalAddress: string;
	/** `127.0.0.1:port` of the registry, as the control plane and the builder see it. */
	readonly registry: string;
	/** What browsers and git use. */
	readonly portalUrl: string;
	readonly gitUrl: string;
}

/** Read once per process. Throws a sentence when the home is not set up. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
	const parsed = schema.parse(source);
	const installation = readInstallation(parsed.SLUICE_HOME);
	const paths = pathsOf(parsed.SLUICE_HOME);
	const own = readServers(parsed.SLUICE_HOME);
	const port = (name: Parameters<typeof portOf>[1]) => portOf(installation.portBase, name);
	return {
		home: parsed.SLUICE_HOME,
		installation,
		paths,
		databaseUrl:
			parsed.DATABASE_URL ??
			own.databaseUrl ??
			`postgresql://sluice:${encodeURIComponent(readSecret(paths.databasePassword))}@127.0.0.1:${port("postgres")}/sluice`,
		temporalAddress: parsed.TEMPORAL_ADDRESS ?? own.temporalAddress ?? `127.0.0.1:${port("temporal")}`,
		registry: `127.0.0.1:${port("registry")}`,
		portalUrl: `http://localhost:${port("portal")}`,
		gitUrl: `http://localhost:${port("git")}`,
	};
}

import { pino } from "pino";

export type Log = Pick<pino.Logger, "debug" | "info" | "warn" | "error">;

/** JSON lines on stdout; the supervisor keeps them in `logs/<component>.log`. Secrets are redacted by key as a second fence. */
export function createLog(component: string): Log {
	return pino({
		base: { component },
		level: process.env.SLUICE_LOG_LEVEL ?? "info",
		redact: {
			paths: ["*.password", "*.token", "*.secret", "*.authorization", "password", "token", "secret"],
			censor: "[redacted]",
		},
	});
}

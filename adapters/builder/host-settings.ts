import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";

/**
 * The machine's own package settings, read from its clients at run time and given to builds as secrets: registries,
 * tokens and certificates stay on the machine and reach no layer and no repository.
 */
export async function hostBuildSecrets(): Promise<{ id: string; file: string }[]> {
	const candidates = [
		{ id: "npmrc", file: await npmSettings() },
		{ id: "pip", file: firstFile([process.env.PIP_CONFIG_FILE, join(homedir(), ".config/pip/pip.conf"), "/etc/pip.conf"]) },
		{ id: "ca", file: firstFile([process.env.SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt"]) },
	];
	return candidates.flatMap(({ id, file }) => (file ? [{ id, file }] : []));
}

async function npmSettings(): Promise<string | null> {
	const { code, output } = await runProcess(["npm", "config", "get", "userconfig"], { env: systemEnvironment() }).catch(() => ({
		code: 1,
		output: "",
	}));
	const file = output.split("\n").find((line) => line.startsWith("/"));
	return code === 0 ? firstFile([file]) : null;
}

function firstFile(files: readonly (string | undefined)[]): string | null {
	// A comma would be read as the next field of `--secret`.
	return files.find((file) => file !== undefined && file !== "" && !file.includes(",") && existsSync(file)) ?? null;
}

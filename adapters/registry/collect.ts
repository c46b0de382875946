import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("../../sluice", import.meta.url));

/**
 * `sluice registry clean`, in a session of its own: the registry is read-only meanwhile, so it must come to its end also
 * when whoever asked for it is stopped, and it must not look like one of the components.
 */
export async function collectGarbage(home: string): Promise<void> {
	const { SLUICE_COMPONENT: _, ...env } = process.env;
	await promisify(execFile)("setsid", ["--wait", program, "registry", "clean"], { env: { ...env, SLUICE_HOME: home } });
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";

/**
 * The machine's own package settings, read from its clients at run time and given to builds as secrets: registries,
 * tokens and certificates stay on the machine and reach no layer and no repository. `folder` is readable by its owner
 * only and is removed with the build.
 */
export async function hostBuildSecrets(folder: string): Promise<{ id: string; file: string }[]> {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const pip = hostPipFile();
	const ca = firstFile([process.env.SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt"]);
	const npmrc = join(folder, "npmrc");
	writeFileSync(npmrc, await hostNpmSettings(), { mode: 0o600 });
	const goenv = join(folder, "goenv");
	writeFileSync(goenv, await hostGoSettings(), { mode: 0o600 });
	const own = [
		{ id: "npmrc", file: npmrc },
		{ id: "goenv", file: goenv },
	];
	return [...own, ...(pip ? [{ id: "pip", file: pip }] : []), ...(ca ? [{ id: "ca", file: ca }] : [])];
}

/** What decides where npm fetches from and as whom; the rest (folders, log level) is this machine's own business. */
const wantedNpmSetting = /^(?:\/\/|@[^:]+:registry|(?:https?-)?proxy|noproxy|strict-ssl|always-auth)/;

/** Asking npm twice takes half a second, so the answer is good for a minute. */
const goodForMs = 60_000;
let answer: { readonly settings: Promise<string>; readonly until: number } | null = null;

export function hostNpmSettings(): Promise<string> {
	if (answer === null || answer.until < Date.now()) answer = { settings: readNpmSettings(), until: Date.now() + goodForMs };
	return answer.settings;
}

async function readNpmSettings(): Promise<string> {
	const [registry, file] = await Promise.all([npmConfig("registry"), npmConfig("userconfig")]);
	const own = file && existsSync(file) ? readFileSync(file, "utf8").split(/\r?\n/) : [];
	const kept = own.filter((line) => wantedNpmSetting.test(line.trim()));
	return [...(registry ? [`registry=${registry}`] : []), ...kept, ""].join("\n");
}

async function npmConfig(name: string): Promise<string | null> {
	const env = systemEnvironment(npmVariables());
	const { code, output } = await runProcess(["npm", "config", "get", name], { env }).catch(() => ({ code: 1, output: "" }));
	const line = output.split("\n").find((one) => /^(?:\/|https?:)/.test(one));
	return code === 0 && line ? line : null;
}

/** Where Go fetches modules from, and which it checks with whom. */
const wantedGoSettings = ["GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"];

/** In the form of Go's own settings file. A machine without Go has what its environment says. */
export async function hostGoSettings(): Promise<string> {
	const said = Object.fromEntries(
		wantedGoSettings.flatMap((name) => (process.env[name] ? [[name, process.env[name] ?? ""] as const] : [])),
	);
	const { code, output } = await runProcess(["go", "env", "-json", ...wantedGoSettings], { env: systemEnvironment(said) }).catch(
		() => ({ code: 1, output: "" }),
	);
	const settings = code === 0 && output.startsWith("{") ? (JSON.parse(output) as Record<string, string>) : said;
	return Object.entries(settings)
		.filter(([, value]) => value !== "")
		.map(([name, value]) => `${name}=${value}\n`)
		.join("");
}

function npmVariables(): Record<string, string> {
	const given = Object.entries(process.env).filter(([name, value]) => /^npm_config_/i.test(name) && value !== undefined);
	return Object.fromEntries(given) as Record<string, string>;
}

/** null = pip has no settings file. */
export function hostPipFile(): string | null {
	return firstFile([process.env.PIP_CONFIG_FILE, join(homedir(), ".config/pip/pip.conf"), "/etc/pip.conf"]);
}

export function firstFile(files: readonly (string | undefined)[]): string | null {
	// A comma would be read as the next field of `--secret`.
	return files.find((file) => file !== undefined && file !== "" && !file.includes(",") && existsSync(file)) ?? null;
}

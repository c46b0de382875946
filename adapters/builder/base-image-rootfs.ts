import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";

/** npm's own package, as in the Node 24 line. */
export const npmPackage = {
	version: "11.19.1",
	integrity: "sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==",
} as const;

const suite = "bookworm";
const caBundle = "/etc/ssl/certs/ca-certificates.crt";

/** Rises when the recipe below changes, so an old cached image is not taken for a new one. */
export const recipe = 1;

/** The program and version of the pinned Node, from its npm package. */
export function pinnedNode(): { version: string; program: string } {
	const name = `node-linux-${process.arch}`;
	try {
		const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
		const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
		return { version, program: join(dirname(manifest), "bin", "node") };
	} catch (cause) {
		throw new AppError("unavailable", `The package ${name} is missing: run \`npm ci\`.`, { cause });
	}
}

/** The machine's certificate bundle; empty when it has none. */
export function hostCertificates(): Buffer {
	const file = process.env.SSL_CERT_FILE ?? caBundle;
	return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}

/** A tar of Debian with Node, npm, the machine's certificates and the user `node`. About 40 s, most of it Debian's. */
export async function makeRootfs(folder: string, onProgress: (line: string) => void): Promise<string> {
	const tar = join(folder, "rootfs.tar");
	onProgress(`installing Debian ${suite} with mmdebstrap`);
	const include = "--include=ca-certificates,libstdc++6";
	await run(["mmdebstrap", "--variant=minbase", include, suite, tar, ...debianSources()], folder, onProgress);
	const stage = join(folder, "stage");
	onProgress(`adding Node ${pinnedNode().version} and npm ${npmPackage.version}`);
	await addNpm(stage, folder);
	addNode(stage);
	addCertificates(stage);
	await addUser(stage, tar, folder);
	await overlay(stage, tar, folder);
	return tar;
}

/** Puts the staged files into the tar. Docker refuses a path that is there twice, so the older ones leave first. */
async function overlay(stage: string, tar: string, folder: string): Promise<void> {
	const present = new Set((await run(["tar", "--list", "--file", tar], folder, undefined, "all")).output.split("\n"));
	const staged = readdirSync(stage, { recursive: true, withFileTypes: true }).map((entry) => ({
		name: `./${relative(stage, join(entry.parentPath, entry.name))}`,
		isDirectory: entry.isDirectory(),
	}));
	const replaced = staged.filter(({ name, isDirectory }) => !isDirectory && present.has(name)).map(({ name }) => name);
	if (replaced.length > 0) await run(["tar", "--delete", "--file", tar, "--", ...replaced], folder);
	const added = staged.filter(({ name, isDirectory }) => !isDirectory || !present.has(`${name}/`)).map(({ name }) => name);
	const list = join(folder, "files");
	writeFileSync(list, added.join("\n"));
	const owned = ["--owner=0", "--group=0", "--no-recursion", "--directory", stage];
	await run(["tar", "--append", "--file", tar, ...owned, `--files-from=${list}`], folder);
}

/** The machine's own Debian mirror when it runs the same suite, else mmdebstrap's default. */
function debianSources(): string[] {
	const folder = "/etc/apt/sources.list.d";
	const listed = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
	return ["/etc/apt/sources.list", ...listed].filter(
		(file) => /\.(?:list|sources)$/.test(file) && existsSync(file) && isDebianOfSuite(readFileSync(file, "utf8")),
	);
}

function isDebianOfSuite(text: string): boolean {
	const deb822 = new RegExp(`^Suites:.*\\b${suite}\\b`, "m").test(text) && /^URIs:.*\/debian/m.test(text);
	return deb822 || new RegExp(`^deb .*/debian\\S* ${suite}`, "m").test(text);
}

async function addNpm(stage: string, folder: string): Promise<void> {
	const env = systemEnvironment();
	const pack = ["npm", "pack", `npm@${npmPackage.version}`, "--silent", "--pack-destination", folder];
	const { code, output } = await runProcess(pack, { cwd: folder, env });
	const archive = join(folder, `npm-${npmPackage.version}.tgz`);
	if (code !== 0 || !existsSync(archive)) {
		throw new AppError("unavailable", `npm ${npmPackage.version} cannot be fetched from the npm registry: ${lastLine(output)}`);
	}
	const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
	if (integrity !== npmPackage.integrity) {
		throw new AppError(
			"unavailable",
			`npm ${npmPackage.version} from the npm registry is not the expected package: its checksum differs.`,
		);
	}
	const modules = join(stage, "usr/local/lib/node_modules/npm");
	mkdirSync(modules, { recursive: true });
	await run(["tar", "--extract", "--gzip", "--file", archive, "--strip-components=1", "--directory", modules], folder);
}

function addNode(stage: string): void {
	const bin = join(stage, "usr/local/bin");
	mkdirSync(bin, { recursive: true });
	cpSync(pinnedNode().program, join(bin, "node"));
	symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
	symlinkSync("../lib/node_modules/npm/bin/npx-cli.js", join(bin, "npx"));
}

function addCertificates(stage: string): void {
	const certificates = hostCertificates();
	if (certificates.length === 0) return;
	mkdirSync(join(stage, "etc/ssl/certs"), { recursive: true });
	writeFileSync(join(stage, caBundle), certificates, { mode: 0o644 });
}

/** The hub's image has a user `node` with the ids 1000; so has this one. */
async function addUser(stage: string, tar: string, folder: string): Promise<void> {
	const add = async (file: string, line: string): Promise<void> => {
		const { output } = await run(["tar", "--extract", "--to-stdout", "--file", tar, `./${file}`], folder);
		writeFileSync(join(stage, file), `${output.trimEnd()}\n${line}\n`, { mode: 0o644 });
	};
	mkdirSync(join(stage, "etc"), { recursive: true });
	await add("etc/passwd", "node:x:1000:1000::/tmp:/bin/sh");
	await add("etc/group", "node:x:1000:");
}

async function run(
	argv: string[],
	cwd: string,
	onProgress?: (line: string) => void,
	kept: "tail" | "all" = "tail",
): Promise<{ output: string }> {
	const onOutput = (chunk: Buffer): void => {
		for (const line of chunk.toString("utf8").split("\n")) if (line.startsWith("I: ")) onProgress?.(line.slice(3));
	};
	const { code, output } = await runProcess(argv, { cwd, env: systemEnvironment(), onOutput, kept });
	if (code !== 0) throw new AppError("unavailable", `The base image cannot be made: ${argv[0]} failed: ${lastLine(output)}`);
	return { output };
}

function lastLine(text: string): string {
	return text.trimEnd().split("\n").at(-1) ?? "";
}

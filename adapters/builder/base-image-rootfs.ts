import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeOwnCertificates } from "@/adapters/builder/base-image-certificates";
import { run } from "@/adapters/builder/base-image-command";
import { ownFiles } from "@/adapters/builder/base-image-file";
import { type BaseImageUser, recipeOf } from "@/adapters/builder/base-image-recipe";
import { filesBelow } from "@/adapters/builder/files-below";
import { rewriteWithout } from "@/adapters/builder/tar-without";
import { type BaseImageName, baseImageOf, baseImageSuite as suite } from "@/domain/pipeline/base-image";
import { withoutAptCredentials } from "@/domain/pipeline/mirror-settings";

/** As in distroless images, whose Dockerfiles name it. */
const nonroot: BaseImageUser = { name: "nonroot", id: 65532, home: "/tmp" };

/** A tar of Debian with the machine's certificates, its mirrors and what the recipe adds. About 40 s, most of it Debian's. */
export async function makeRootfs(folder: string, name: BaseImageName, onProgress: (line: string) => void): Promise<string> {
	const recipe = recipeOf(name);
	const tar = join(folder, "rootfs.tar");
	onProgress(`installing Debian ${suite} with mmdebstrap`);
	const certificates = join(folder, "ca-certificates");
	writeOwnCertificates(certificates);
	// Before ca-certificates is installed: its own first run then takes them in.
	const hook = `--essential-hook=copy-in "${certificates}" /usr/local/share/`;
	const include = `--include=${recipe.debianPackages.join(",")}`;
	await run(["mmdebstrap", "--variant=minbase", include, hook, suite, tar, ...debianSources()], folder, onProgress);
	const added = baseImageOf(name).parts.map((part) => `${part.name} ${part.version}`);
	if (added.length > 0) onProgress(`adding ${added.join(" and ")}`);
	const stage = join(folder, "stage");
	mkdirSync(stage);
	await recipe.add(stage, folder);
	for (const { path, text, isProgram } of await ownFiles(name)) write(stage, path, text, isProgram ? 0o755 : 0o644);
	const rootfs = new Rootfs(tar, folder);
	await addUsers(rootfs, stage, [nonroot, ...recipe.users]);
	await hideAptCredentials(rootfs, stage);
	await overlay(rootfs, stage, folder, recipe.without);
	return tar;
}

/** A tar, as far as it is read. */
class Rootfs {
	constructor(
		readonly tar: string,
		private readonly folder: string,
	) {}

	async names(): Promise<Set<string>> {
		return new Set((await run(["tar", "--list", "--file", this.tar], this.folder, undefined, "all")).output.split("\n"));
	}

	async read(path: string): Promise<string> {
		return (await run(["tar", "--extract", "--to-stdout", "--file", this.tar, path], this.folder, undefined, "all")).output;
	}
}

async function addUsers(rootfs: Rootfs, stage: string, users: readonly BaseImageUser[]): Promise<void> {
	const add = async (file: string, line: (user: BaseImageUser) => string): Promise<void> =>
		write(stage, file, `${(await rootfs.read(`./${file}`)).trimEnd()}\n${users.map((user) => `${line(user)}\n`).join("")}`);
	await add("etc/passwd", ({ name, id, home }) => `${name}:x:${id}:${id}::${home}:/bin/sh`);
	await add("etc/group", ({ name, id }) => `${name}:x:${id}:`);
}

/** mmdebstrap copies the machine's sources, and a company's may hold a password. */
async function hideAptCredentials(rootfs: Rootfs, stage: string): Promise<void> {
	for (const name of await rootfs.names()) {
		if (!/^\.\/etc\/apt\/sources\.list(?:\.d\/[^/]+)?$/.test(name)) continue;
		const text = await rootfs.read(name);
		const open = withoutAptCredentials(text);
		if (open !== text) write(stage, name, open);
	}
}

function write(stage: string, path: string, text: string, mode = 0o644): void {
	mkdirSync(dirname(join(stage, path)), { recursive: true });
	writeFileSync(join(stage, path), text, { mode });
}

/** Puts the staged files into the tar. Docker refuses a path that is there twice, so the older ones leave first. */
async function overlay(rootfs: Rootfs, stage: string, folder: string, without: readonly string[]): Promise<void> {
	const { tar } = rootfs;
	const present = await rootfs.names();
	const staged = filesBelow(stage).map(({ path, isDirectory }) => ({ name: `./${path}`, isDirectory }));
	const replaced = staged.filter(({ name, isDirectory }) => !isDirectory && present.has(name)).map(({ name }) => name);
	const gone = [...replaced, ...without.filter((name) => present.has(name))];
	if (gone.length > 0) await rewriteWithout(tar, new Set(gone));
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

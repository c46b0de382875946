import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "@/adapters/builder/base-image-command";
import { recipeOf } from "@/adapters/builder/base-image-recipe";
import { caBundle, hostCertificates } from "@/adapters/builder/base-image-tag";
import { type BaseImageName, baseImageOf, baseImageSuite as suite } from "@/domain/pipeline/base-image";

/** A tar of Debian with the machine's certificates and what the recipe adds. About 40 s, most of it Debian's. */
export async function makeRootfs(folder: string, name: BaseImageName, onProgress: (line: string) => void): Promise<string> {
	const recipe = recipeOf(name);
	const tar = join(folder, "rootfs.tar");
	onProgress(`installing Debian ${suite} with mmdebstrap`);
	const include = `--include=${recipe.debianPackages.join(",")}`;
	await run(["mmdebstrap", "--variant=minbase", include, suite, tar, ...debianSources()], folder, onProgress);
	const stage = join(folder, "stage");
	onProgress(
		`adding ${baseImageOf(name)
			.parts.map((part) => `${part.name} ${part.version}`)
			.join(" and ")}`,
	);
	await recipe.add(
		stage,
		folder,
		async (path) => (await run(["tar", "--extract", "--to-stdout", "--file", tar, `./${path}`], folder)).output,
	);
	addCertificates(stage);
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

function addCertificates(stage: string): void {
	const certificates = hostCertificates();
	if (certificates.length === 0) return;
	mkdirSync(join(stage, "etc/ssl/certs"), { recursive: true });
	writeFileSync(join(stage, caBundle), certificates, { mode: 0o644 });
}

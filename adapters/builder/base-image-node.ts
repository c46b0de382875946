import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { caBundle } from "@/adapters/builder/base-image-certificates";
import { lastLine, run } from "@/adapters/builder/base-image-command";
import type { BaseImageRecipe } from "@/adapters/builder/base-image-recipe";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";
import { baseImageOf } from "@/domain/pipeline/base-image";

const [node, npm] = baseImageOf("node24").parts;

/** Of npm's own package. */
const npmIntegrity = "sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==";

export const nodeRecipe: BaseImageRecipe = {
	version: 1,
	debianPackages: ["ca-certificates", "libstdc++6"],
	changes: [
		"ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		`ENV NODE_EXTRA_CA_CERTS=${caBundle}`,
		'CMD ["node"]',
	],
	pinned: () => [node.version, npmIntegrity],
	// As in the hub's image.
	users: [{ name: "node", id: 1000, home: "/tmp" }],
	without: [],
	async add(stage, work) {
		await addNpm(stage, work);
		addNode(stage);
	},
};

/** Node's program, from its npm package. */
function nodeProgram(): string {
	const name = `node-linux-${process.arch}`;
	const missing = `The package ${name} ${node.version} is missing: run \`npm ci\`.`;
	try {
		const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
		const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
		if (version !== node.version) throw new AppError("unavailable", missing);
		return join(dirname(manifest), "bin", "node");
	} catch (cause) {
		throw new AppError("unavailable", missing, { cause });
	}
}

async function addNpm(stage: string, folder: string): Promise<void> {
	const env = systemEnvironment();
	const pack = ["npm", "pack", `npm@${npm.version}`, "--silent", "--pack-destination", folder];
	const { code, output } = await runProcess(pack, { cwd: folder, env });
	const archive = join(folder, `npm-${npm.version}.tgz`);
	if (code !== 0 || !existsSync(archive)) {
		throw new AppError("unavailable", `npm ${npm.version} cannot be fetched from the npm registry: ${lastLine(output)}`);
	}
	const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
	if (integrity !== npmIntegrity) {
		throw new AppError(
			"unavailable",
			`npm ${npm.version} from the npm registry is not the expected package: its checksum differs.`,
		);
	}
	const modules = join(stage, "usr/local/lib/node_modules/npm");
	mkdirSync(modules, { recursive: true });
	await run(["tar", "--extract", "--gzip", "--file", archive, "--strip-components=1", "--directory", modules], folder);
}

function addNode(stage: string): void {
	const bin = join(stage, "usr/local/bin");
	mkdirSync(bin, { recursive: true });
	cpSync(nodeProgram(), join(bin, "node"));
	symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(bin, "npm"));
	symlinkSync("../lib/node_modules/npm/bin/npx-cli.js", join(bin, "npx"));
}

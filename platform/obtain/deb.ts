import { readdirSync, rmSync } from "node:fs";
import { AppError } from "@/domain/errors";
import { command } from "../command";
import type { Deb } from "../versions";
import { updatePackageLists } from "./apt";
import { cached } from "./cache";
import { fetchWith } from "./fetch";

export function debFolder(deb: Deb): string {
	return `${deb.package}-${deb.version}`;
}

/** A program out of a Debian package that is unpacked into the cache, not installed. Answers with its path. */
export async function obtainDeb(deb: Deb): Promise<string> {
	const folder = await cached(debFolder(deb), async (work) => {
		await updatePackageLists([deb.package]);
		// apt drops its rights to `_apt` for downloads and warns when that user cannot enter the folder: it then goes on as root.
		const argv = ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", deb.package];
		await fetchWith("apt", `${deb.package} ${deb.version}`, argv, { cwd: work });
		const file = readdirSync(work).find((name) => name.endsWith(".deb"));
		if (file === undefined || !file.includes(`_${deb.version}.`)) {
			throw new AppError(
				"unavailable",
				`The distribution has ${file ?? "no file"} for ${deb.package}, and Sluice needs version ${deb.version}.`,
			);
		}
		await command(`Unpacking ${deb.package}`, ["dpkg-deb", "-x", `${work}/${file}`, work]);
		rmSync(`${work}/${file}`);
	});
	return `${folder}/${deb.program}`;
}

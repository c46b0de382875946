import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { caBundle } from "@/adapters/builder/base-image-certificates";
import type { BaseImageFile } from "@/adapters/builder/base-image-file";
import { firstFile, hostGoSettings, hostNpmSettings, hostPipFile } from "@/adapters/builder/host-settings";
import type { BaseImageName } from "@/domain/pipeline/base-image";
import {
	openGoSettings,
	openMavenSettings,
	openNpmSettings,
	openPipSettings,
	readPipSettings,
} from "@/domain/pipeline/mirror-settings";

/** Go's own, which its settings file must say when it says anything; of two lines the last counts. */
const goDefaults = "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n";

/**
 * Where this machine's package clients fetch from, for Dockerfiles that know nothing of it: their plain `pip install`,
 * `npm ci`, `go build`, `mvn package` ask the same mirrors. What gives access to a mirror is in none of these files.
 */
export async function mirrorFiles(name: BaseImageName): Promise<readonly BaseImageFile[]> {
	const npm = openNpmSettings(await hostNpmSettings());
	const files = [
		{ path: "etc/pip.conf", text: pipSettings() },
		{ path: "usr/local/etc/npmrc", text: npm },
		...(name === "go" ? [{ path: "usr/local/go/go.env", text: `${goDefaults}${openGoSettings(await hostGoSettings())}` }] : []),
		...(name === "java" ? [{ path: "etc/maven/settings.xml", text: mavenSettings() }] : []),
	];
	return files.filter(({ text }) => text !== "");
}

function pipSettings(): string {
	const file = hostPipFile();
	const { PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, PIP_TRUSTED_HOST } = process.env;
	const said = { "index-url": PIP_INDEX_URL, "extra-index-url": PIP_EXTRA_INDEX_URL, "trusted-host": PIP_TRUSTED_HOST };
	const given = Object.entries(said).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
	const settings = { ...(file === null ? {} : readPipSettings(readFileSync(file, "utf8"))), ...Object.fromEntries(given) };
	return openPipSettings(settings, caBundle);
}

function mavenSettings(): string {
	const file = firstFile([join(homedir(), ".m2/settings.xml"), "/etc/maven/settings.xml"]);
	return file === null ? "" : openMavenSettings(readFileSync(file, "utf8"));
}

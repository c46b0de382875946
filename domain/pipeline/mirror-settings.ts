import { isOpenAddress } from "@/domain/pipeline/mirror-address";

/**
 * What may be in an image of a machine's settings for package clients: addresses without anything that gives access, in
 * the form of each client. Pure; an empty text = nothing may, or nothing is set.
 */

/** Of the lines of an npmrc: registries, and whether their certificates are checked. */
export function openNpmSettings(npmrc: string): string {
	const kept = npmrc.split(/\r?\n/).filter((line) => {
		const [, name = "", value = ""] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
		if (name === "strict-ssl") return /^(?:true|false)$/.test(value);
		return /^(?:@[\w.-]+:)?registry$/.test(name) && isOpenAddress(value);
	});
	return kept.map((line) => `${line.trim()}\n`).join("");
}

/** Of Go's settings, `NAME=value` a line. A proxy that may not be named is left out of its list; `off` and `direct` stay. */
export function openGoSettings(goenv: string): string {
	return goenv
		.split(/\r?\n/)
		.flatMap((line) => {
			const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(line.trim()) ?? [];
			const kept = name === "GOPROXY" ? openProxies(value) : value;
			const isOpen = kept !== "" && addressesIn(kept).every(isOpenAddress) && !kept.includes("@");
			return isOpen ? [`${name}=${kept}\n`] : [];
		})
		.join("");
}

function openProxies(list: string): string {
	const all = list.split(/[,|]/);
	const open = all.filter((one) => /^(?:off|direct)$/.test(one) || isOpenAddress(one));
	if (open.length === all.length) return list;
	// Only "direct" left of a list would send everything past the company's proxy.
	return open.some((one) => one.includes("://")) ? open.join(",") : "";
}

/** Of pip's settings: its indexes, and the hosts whose certificates it does not check. `certificates` is what it trusts. */
export function openPipSettings(settings: Readonly<Record<string, string>>, certificates: string): string {
	const index = settings["index-url"] ?? "";
	const extra = words(settings["extra-index-url"]).filter(isOpenAddress);
	const hosts = words(settings["trusted-host"]).filter((host) => /^[\w.:[\]-]+$/.test(host));
	const lines = [
		"[global]",
		`cert = ${certificates}`,
		...(isOpenAddress(index) ? [`index-url = ${index}`] : []),
		...(extra.length > 0 ? [`extra-index-url = ${extra.join(" ")}`] : []),
		...(hosts.length > 0 ? [`trusted-host = ${hosts.join(" ")}`] : []),
	];
	return `${lines.join("\n")}\n`;
}

/** `name = value` of a pip.conf's sections `global` and `install`; a value goes on over indented lines. */
export function readPipSettings(text: string): Record<string, string> {
	const settings: Record<string, string> = {};
	let isWanted = false;
	let name = "";
	for (const line of text.split(/\r?\n/)) {
		if (/^\s*(?:[#;]|$)/.test(line)) continue;
		const [, section] = /^\[(.+)\]\s*$/.exec(line) ?? [];
		const [, key, value = ""] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
		if (section !== undefined) isWanted = section === "global" || section === "install";
		else if (!isWanted) continue;
		else if (key !== undefined) {
			name = key.replaceAll("_", "-");
			settings[name] = value.trim();
		} else if (/^\s/.test(line) && name !== "") settings[name] = `${settings[name] ?? ""} ${line.trim()}`.trim();
	}
	return settings;
}

/** Of Maven's settings: its mirrors. No server, profile or proxy: these hold passwords. */
export function openMavenSettings(settings: string): string {
	const plain = settings.replace(/<!--[\s\S]*?-->/g, "");
	const mirrors = [...plain.matchAll(/<mirror>([\s\S]*?)<\/mirror>/g)].flatMap(([, body = ""]) => {
		const of = (tag: string) => new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`).exec(body)?.[1] ?? "";
		const [id, mirrored, url] = [of("id"), of("mirrorOf"), of("url")];
		const isWhole = /^[\w.-]+$/.test(id) && /^[\w.,*!:-]+$/.test(mirrored) && isOpenAddress(url);
		const isBlocked = of("blocked") === "true";
		const end = `${isBlocked ? "<blocked>true</blocked>" : ""}</mirror>`;
		const text = `\t\t<mirror><id>${id}</id><mirrorOf>${mirrored}</mirrorOf><url>${url}</url>${end}`;
		return isWhole ? [{ text, isBlocked }] : [];
	});
	// One that only blocks is in Debian's own settings already.
	if (mirrors.every(({ isBlocked }) => isBlocked)) return "";
	return ["<settings>", "\t<mirrors>", ...mirrors.map(({ text }) => text), "\t</mirrors>", "</settings>", ""].join("\n");
}

/** The same text of an apt source without the name and password of any address in it. */
export function withoutAptCredentials(sources: string): string {
	return sources.replace(/(\bhttps?:\/\/)[^/\s]*@/g, "$1");
}

function words(text = ""): string[] {
	return text.split(/\s+/).filter((word) => word !== "");
}

function addressesIn(text: string): string[] {
	return text.match(/\bhttps?:[^,|\s]*/g) ?? [];
}

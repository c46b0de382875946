import type { FoundPackage } from "@/domain/provenance/model";

/** Installed packages of `/var/lib/dpkg/status`. */
export function packagesOfDpkg(status: string): FoundPackage[] {
	return status.split(/\n\n+/).flatMap((paragraph) => {
		const field = (name: string): string => new RegExp(`^${name}: (.+)$`, "m").exec(paragraph)?.[1]?.trim() ?? "";
		const name = field("Package");
		return name !== "" && / installed$/.test(field("Status")) ? [{ kind: "deb", name, version: field("Version") }] : [];
	});
}

/** `node_modules/.package-lock.json` says what npm has installed; a `package-lock.json` what it may. */
export function packagesOfNpm(lock: string): FoundPackage[] {
	const { packages = {} } = JSON.parse(lock) as {
		packages?: Record<string, { name?: string; version?: string; link?: boolean }>;
	};
	return Object.entries(packages).flatMap(([path, { name, version, link }]) => {
		const own = name ?? path.split("node_modules/").at(-1) ?? "";
		return path === "" || link || !version || own === "" ? [] : [{ kind: "npm", name: own, version }];
	});
}

const goMagic = "\xff Go buildinf:";

/** What Go writes into each program since 1.18: its own version, and the modules it is made of. Empty = not of Go. */
export function packagesOfGo(program: Uint8Array): FoundPackage[] {
	const bytes = Buffer.from(program.buffer, program.byteOffset, program.byteLength);
	// Where the magic itself is a constant of the program (in Go's own tools), it is not aligned or not followed by this.
	for (let at = bytes.indexOf(goMagic, 0, "latin1"); at >= 0; at = bytes.indexOf(goMagic, at + 1, "latin1")) {
		const isInline = ((bytes[at + 15] ?? 0) & 2) === 2;
		const version = isInline ? textAt(bytes, at + 32) : null;
		if (version === null || !version.text.startsWith("go")) continue;
		const modules = textAt(bytes, version.end)?.text.slice(16, -16) ?? "";
		return [{ kind: "golang", name: "stdlib", version: version.text.slice(2) }, ...modulesOf(modules)];
	}
	return [];
}

function modulesOf(text: string): FoundPackage[] {
	return text.split("\n").flatMap((line) => {
		const [word, name, version] = line.split("\t");
		return word === "dep" && name && version ? [{ kind: "golang", name, version }] : [];
	});
}

/** A text after its length, which is a varint. */
function textAt(bytes: Buffer, start: number): { text: string; end: number } | null {
	let length = 0;
	let at = start;
	for (let shift = 0; shift < 35; shift += 7) {
		const byte = bytes[at++];
		if (byte === undefined) return null;
		length += (byte & 0x7f) * 2 ** shift;
		if (byte < 0x80)
			return at + length > bytes.length ? null : { text: bytes.toString("utf8", at, at + length), end: at + length };
	}
	return null;
}

/** Each once, in order. */
export function distinct(packages: readonly FoundPackage[]): FoundPackage[] {
	const byUrl = new Map(packages.map((one) => [packageUrl(one), one]));
	return [...byUrl.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
}

/** https://github.com/package-url/purl-spec */
export function packageUrl({ kind, name, version }: FoundPackage): string {
	const path = name.split("/").map(encodeURIComponent).join("/");
	const namespace = kind === "deb" ? "debian/" : "";
	return `pkg:${kind}/${namespace}${path}@${encodeURIComponent(version)}`;
}

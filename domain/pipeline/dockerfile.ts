const syntaxLine = /^#\s*syntax\s*=\s*(\S+)\s*$/i;
const directiveLine = /^#\s*[a-z]+\s*=/i;

/** The frontend image named by the file's syntax directive, or null. Directives count only before anything else. */
export function syntaxImage(dockerfile: string): string | null {
	for (const line of dockerfile.split(/\r?\n/)) {
		const image = syntaxLine.exec(line)?.[1];
		if (image) return image;
		if (!directiveLine.test(line)) return null;
	}
	return null;
}

/** The same file, line for line, with the syntax directive emptied: positions in error messages stay right. */
export function withoutSyntax(dockerfile: string): string {
	const image = syntaxImage(dockerfile);
	if (!image) return dockerfile;
	const lines = dockerfile.split("\n");
	const index = lines.findIndex((line) => syntaxLine.test(line.replace(/\r$/, "")));
	return lines.map((line, at) => (at === index ? "#" : line)).join("\n");
}

/** Whether a value for the build argument would be used before the first stage. */
export function declaresArgument(dockerfile: string, name: string): boolean {
	for (const line of dockerfile.split(/\r?\n/)) {
		if (/^\s*FROM\s/i.test(line)) return false;
		const words = /^\s*ARG\s+(.*)$/i.exec(line)?.[1]?.split(/\s+/) ?? [];
		if (words.some((word) => word === name || word.startsWith(`${name}=`))) return true;
	}
	return false;
}

/** The same images with the arguments before the first stage filled in: what is given, else the file's own default. */
export function startingImages(dockerfile: string, given: Readonly<Record<string, string>>): string[] {
	const [before = ""] = dockerfile.split(/^\s*FROM\s/im);
	const defaults = [...before.matchAll(/^\s*ARG\s+([A-Za-z_][A-Za-z0-9_]*)=(\S+)/gim)].map(([, name = "", value = ""]) => [
		name,
		value.replace(/^(["'])(.*)\1$/, "$2"),
	]);
	const values: Record<string, string> = { ...Object.fromEntries(defaults), ...given };
	const filled = baseImages(dockerfile).map((image) =>
		image.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
			return values[braced ?? bare ?? ""] ?? whole;
		}),
	);
	return [...new Set(filled)];
}

/** The images the stages start from that are no stage themselves, as written. */
export function baseImages(dockerfile: string): string[] {
	const stages = new Set<string>();
	const images: string[] = [];
	for (const line of dockerfile.split(/\r?\n/)) {
		const match = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$/i.exec(line);
		const image = match?.[1];
		if (!image) continue;
		if (!stages.has(image.toLowerCase()) && image !== "scratch") images.push(image);
		if (match[2]) stages.add(match[2].toLowerCase());
	}
	return images;
}

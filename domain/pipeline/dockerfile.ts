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

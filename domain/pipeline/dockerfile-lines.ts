/** One instruction of a Dockerfile as it stands in its lines. */
export interface WrittenInstruction {
	/** In capitals. */
	readonly keyword: string;
	/** Without the keyword, continued lines joined and comments between them left out. */
	readonly content: string;
	/** Lines from 0; `end` is behind the last one, `body` behind the instruction's own, where its heredocs begin. */
	readonly start: number;
	readonly body: number;
	readonly end: number;
	readonly heredocs: readonly Heredoc[];
}

export interface Heredoc {
	/** As it stands in the instruction: `<<-"EOF"`. */
	readonly word: string;
	readonly name: string;
	/** `<<-`: tabs at the beginning of its lines do not count. */
	readonly isChomped: boolean;
	/** Its delimiter is quoted: variables stay as they are written. */
	readonly isQuoted: boolean;
	/** With the last line's end. */
	readonly text: string;
}

/** Which instructions may have heredocs. */
const withHeredocs = new Set(["RUN", "COPY", "ADD"]);

/** A Dockerfile's instructions with the lines they take. Pure, never throws; a heredoc without an end is none. */
export function writtenInstructions(dockerfile: string): WrittenInstruction[] {
	const lines = dockerfile.split("\n").map((line) => line.replace(/\r$/, ""));
	const isContinued = continuedBy(lines);
	const found: WrittenInstruction[] = [];
	for (let at = 0; at < lines.length; ) {
		const start = at;
		const parts: string[] = [];
		let isOpen = true;
		for (; isOpen && at < lines.length; at += 1) {
			const line = lines[at] ?? "";
			if (/^\s*(?:#|$)/.test(line)) {
				// Before an instruction they stand alone; within one they are skipped.
				if (parts.length === 0) isOpen = false;
				continue;
			}
			isOpen = isContinued(line);
			parts.push(isOpen ? line.replace(/.\s*$/, "") : line);
		}
		const [, keyword = "", content = ""] = /^\s*(\w+)\s*([\s\S]*)$/.exec(parts.join("")) ?? [];
		if (keyword === "") continue;
		const { heredocs, end } = heredocsOf(keyword.toUpperCase(), content, lines, at);
		found.push({ keyword: keyword.toUpperCase(), content: content.trim(), start, body: at, end, heredocs });
		at = end;
	}
	return found;
}

/** Words as the shell splits them, their quotes kept. */
export function shellWords(text: string): string[] {
	return text.match(/(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s"'\\]|["'\\])+/g) ?? [];
}

function continuedBy(lines: readonly string[]): (line: string) => boolean {
	for (const line of lines) {
		const [, name, value] = /^#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
		if (name === undefined) break;
		if (name.toLowerCase() === "escape" && value === "`") return (one) => /`\s*$/.test(one);
	}
	return (line) => /\\\s*$/.test(line);
}

function heredocsOf(
	keyword: string,
	content: string,
	lines: readonly string[],
	from: number,
): { heredocs: Heredoc[]; end: number } {
	const heredocs: Heredoc[] = [];
	if (!withHeredocs.has(keyword)) return { heredocs, end: from };
	let at = from;
	for (const word of shellWords(content)) {
		const [, dash, written] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
		if (written === undefined) continue;
		const name = written.replace(/["'\\]/g, "");
		const isChomped = dash === "-";
		const last = lines.findIndex((line, index) => index >= at && (isChomped ? line.replace(/^\t+/, "") : line) === name);
		if (name === "" || last === -1) return { heredocs: [], end: from };
		const text = lines.slice(at, last).map((line) => `${line}\n`);
		heredocs.push({ word, name, isChomped, isQuoted: name !== written, text: text.join("") });
		at = last + 1;
	}
	return { heredocs, end: at };
}

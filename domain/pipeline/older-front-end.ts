import { DockerfileParser, type PropertyInstruction } from "dockerfile-ast";
import { substitute } from "@/domain/import/substitute";
import { type Heredoc, shellWords, type WrittenInstruction, writtenInstructions } from "@/domain/pipeline/dockerfile-lines";

/** What a Dockerfile written for a newer BuildKit becomes for the one in Docker 20.10, which knows Dockerfile 1.2. */
export interface OlderDockerfile {
	/** Line for line as it was, but for the instructions that are written otherwise. */
	readonly text: string;
	/** What must be in the image named `files` while it is built. */
	readonly files: readonly HeredocFile[];
	/** Instructions as this build has them, and how they were written. */
	readonly changes: readonly { readonly written: string; readonly was: string }[];
	/** What the older one cannot do, with its line. Not empty = it must not be built. */
	readonly refusals: readonly { readonly line: number; readonly reason: string }[];
	/** Words left out or written otherwise: `COPY --link`, `heredocs`. */
	readonly kinds: readonly string[];
}

export interface HeredocFile {
	/** Below the image's root. */
	readonly path: string;
	readonly text: string;
	readonly isProgram: boolean;
}

/** Docker 23 is the first with a front end (1.5) that knows heredocs and `--link`. */
export function isOlderEngine(version: string): boolean {
	const major = Number(/^(\d+)\./.exec(version)?.[1]);
	return Number.isInteger(major) && major < 23;
}

/** Options that came later and change what is in the image: nothing older stands for them. */
const newerOptions: readonly { readonly of: RegExp; readonly option: RegExp; readonly since: string }[] = [
	{ of: /^(COPY|ADD)$/, option: /^--parents\b/, since: "1.20" },
	{ of: /^(COPY|ADD)$/, option: /^--exclude=/, since: "1.19" },
	{ of: /^ADD$/, option: /^--(checksum|keep-git-dir|unpack)\b/, since: "1.6" },
	{ of: /^RUN$/, option: /^--(network|security|device)\b/, since: "1.3" },
	{ of: /^RUN$/, option: /^--mount=(?=.*type=secret)(?=.*\benv=)/, since: "1.10" },
];

interface Stage {
	readonly name: string | null;
	readonly known: Map<string, string>;
	shell: readonly string[];
}

const defaultShell: readonly string[] = ["/bin/sh", "-c"];

/** `files` is the name of an image that will hold the heredocs' files. Pure. */
export function forOlderFrontEnd(dockerfile: string, files: string): OlderDockerfile {
	const lines = dockerfile.split("\n");
	const made = new Made(files);
	const globals = new Map<string, string>();
	const stages: Stage[] = [];
	for (const instruction of writtenInstructions(dockerfile)) {
		const stage = stages.at(-1);
		if (instruction.keyword === "FROM") stages.push(begun(instruction.content, globals, stages));
		else if (instruction.keyword === "ARG" || instruction.keyword === "ENV") learn(instruction, stage?.known ?? globals, globals);
		else if (stage && instruction.keyword === "SHELL") stage.shell = shellOf(instruction.content);
		else if (stage) {
			const instead = made.rewrite(instruction, stage, lines);
			if (instead === null) continue;
			// As many lines as before: what BuildKit says of a line stays true.
			const padding = Math.max(0, instruction.end - instruction.start - instead.length);
			lines.splice(
				instruction.start,
				instruction.end - instruction.start,
				...instead,
				...Array.from({ length: padding }, () => ""),
			);
		}
	}
	return { text: lines.join("\n"), ...made.told() };
}

/** Why an older engine cannot build it, and what to do. */
export function olderSentence(path: string, refusals: OlderDockerfile["refusals"], engine: string): string {
	const lines = refusals.map(({ line, reason }) => `${path}:${line}: ${reason}.`);
	return `${lines.join("\n")}\nThe engine that builds is Docker ${engine}, whose own BuildKit knows Dockerfile 1.2, and a newer one ("# syntax=docker/dockerfile:1") cannot be fetched here. Build with Docker 23 or later, or write these lines otherwise.`;
}

/** BuildKit's words with its instructions as they were written. */
export function withWrittenInstructions(output: string, { changes }: Pick<OlderDockerfile, "changes">): string {
	return changes.reduce((text, { written, was }) => text.replaceAll(written, was), output);
}

class Made {
	private readonly files: HeredocFile[] = [];
	private readonly changes: { written: string; was: string }[] = [];
	private readonly refusals: { line: number; reason: string }[] = [];
	private readonly kinds = new Set<string>();

	constructor(private readonly image: string) {}

	told(): Omit<OlderDockerfile, "text"> {
		return { files: this.files, changes: this.changes, refusals: this.refusals, kinds: [...this.kinds] };
	}

	/** null = it stays. */
	rewrite(instruction: WrittenInstruction, stage: Stage, lines: readonly string[]): string[] | null {
		const { keyword, content, start, body, heredocs } = instruction;
		const flags = flagsOf(content);
		for (const flag of flags) {
			const newer = newerOptions.find(({ of, option }) => of.test(keyword) && option.test(flag));
			if (newer) this.refuse(start, `${keyword} ${flag.slice(0, 40)} needs Dockerfile ${newer.since}`);
		}
		if (keyword === "RUN" && heredocs.length > 0) return [this.run(instruction, flags, stage)];
		if (keyword !== "COPY" && keyword !== "ADD") return null;
		const isLinked = flags.some(isLink);
		if (isLinked) this.kinds.add(`${keyword} --link`);
		if (heredocs.length > 0) return this.copy(instruction, flags, stage);
		if (!isLinked) return null;
		const own = lines.slice(start, body).join("\n");
		return own.replace(/\s--link(?:=\w+)?(?=\s)/, "").split("\n");
	}

	private refuse(line: number, reason: string): void {
		this.refusals.push({ line: line + 1, reason });
	}

	/** As newer BuildKits do: one heredoc alone is the script, and beside other words the shell itself reads it. */
	private run({ content, heredocs, start }: WrittenInstruction, flags: readonly string[], { shell }: Stage): string {
		this.kinds.add("heredocs");
		const command = withoutFlags(content, flags);
		const [first] = heredocs;
		const isAlone = heredocs.length === 1 && first?.word === command;
		const script = isAlone && first ? bodyOf(first) : [command, ...heredocs.map(({ text, name }) => `${text}${name}`)].join("\n");
		const isProgram = isAlone && script.startsWith("#!");
		const mount = isProgram && first ? [`--mount=type=bind,from=${this.image},target=/dev/pipes`] : [];
		if (isProgram && first) this.files.push({ path: `${start + 1}/${first.name}`, text: script, isProgram: true });
		const words = isProgram && first ? [`/dev/pipes/${start + 1}/${first.name}`] : [...shell, script];
		return this.changed(["RUN", ...flags, ...mount, JSON.stringify(words)], `RUN ${[...flags, command].join(" ")}`);
	}

	private copy(
		{ keyword, content, heredocs, start }: WrittenInstruction,
		flags: readonly string[],
		{ known }: Stage,
	): string[] | null {
		this.kinds.add("heredocs");
		const words = shellWords(withoutFlags(content, flags));
		const target = words.at(-1) ?? "";
		const kept = flags.filter((flag) => !isLink(flag));
		for (const heredoc of heredocs) {
			const text = this.filledIn(heredoc, known, start);
			this.files.push({ path: `${start + 1}/${heredoc.name}`, text, isProgram: false });
		}
		const paths = heredocs.map(({ name }) => `/${start + 1}/${name}`);
		const was = `${keyword} ${content}`;
		const others = words.slice(0, -1).filter((word) => heredocs.every((one) => one.word !== word));
		return [
			this.changed(["COPY", `--from=${this.image}`, ...kept, ...paths, target], was),
			...(others.length === 0 ? [] : [this.changed([keyword, ...kept, ...others, target], was)]),
		];
	}

	private changed(words: readonly string[], was: string): string {
		const written = words.join(" ");
		this.changes.push({ written, was });
		return written;
	}

	/** Variables of the Dockerfile itself: what the base image sets is known to the builder only. */
	private filledIn(heredoc: Heredoc, known: ReadonlyMap<string, string>, line: number): string {
		const text = bodyOf(heredoc);
		if (heredoc.isQuoted) return text;
		const quote = `write <<"${heredoc.name}" if it is to stay as it is`;
		const unknown = unknownIn(text, known);
		if (unknown !== null)
			this.refuse(line, `the heredoc ${heredoc.word} has ${unknown}, which the Dockerfile itself does not set: ${quote}`);
		// What a single backslash before another letter becomes differs between versions of BuildKit.
		if (/\\[^\\$\n]/.test(text)) this.refuse(line, `the heredoc ${heredoc.word} has a backslash: ${quote}`);
		return text
			.split("\n")
			.map((one) => (one.includes("$") ? substitute(one, known) : one).replaceAll("\\\\", "\\"))
			.join("\n");
	}
}

function bodyOf({ text, isChomped }: Heredoc): string {
	return isChomped ? text.replace(/^\t+/gm, "") : text;
}

function unknownIn(text: string, known: ReadonlyMap<string, string>): string | null {
	for (const [written, plain, braced, rest = ""] of text.matchAll(/\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)([^{}]*)\}|\{)/g)) {
		if (written === "\\$") continue;
		const name = plain ?? braced;
		const isDefaulted = /^:?[-+]/.test(rest);
		if (name === undefined || (!isDefaulted && (rest !== "" || !known.has(name)))) return written;
	}
	return null;
}

function flagsOf(content: string): string[] {
	const words = shellWords(content);
	const first = words.findIndex((word) => !word.startsWith("--"));
	return first === -1 ? words : words.slice(0, first);
}

function withoutFlags(content: string, flags: readonly string[]): string {
	return flags.reduce((text, flag) => text.slice(text.indexOf(flag) + flag.length), content).trim();
}

function isLink(flag: string): boolean {
	return /^--link(?:=|$)/.test(flag);
}

/** A stage goes on with the variables and the shell of the one that it begins with. */
function begun(content: string, globals: ReadonlyMap<string, string>, stages: readonly Stage[]): Stage {
	const [image = "", as = "", name] = shellWords(content).filter((word) => !word.startsWith("--"));
	const parent = stages.findLast((stage) => stage.name === substitute(image, globals).toLowerCase());
	return {
		name: as.toLowerCase() === "as" ? (name?.toLowerCase() ?? null) : null,
		known: new Map(parent?.known),
		shell: parent?.shell ?? defaultShell,
	};
}

function learn({ keyword, content }: WrittenInstruction, known: Map<string, string>, globals: ReadonlyMap<string, string>): void {
	const [parsed] = DockerfileParser.parse(`${keyword} ${content.replaceAll("\n", " ")}`).getInstructions();
	for (const property of (parsed as PropertyInstruction | undefined)?.getProperties() ?? []) {
		const [name, value] = [property.getName(), property.getValue()];
		const given = value === null ? globals.get(name) : substitute(value, known);
		if (given !== undefined && (keyword === "ENV" || !known.has(name) || value !== null)) known.set(name, given);
	}
}

function shellOf(content: string): readonly string[] {
	try {
		const words: unknown = JSON.parse(content);
		return Array.isArray(words) && words.every((word) => typeof word === "string") && words.length > 0 ? words : defaultShell;
	} catch {
		return defaultShell;
	}
}

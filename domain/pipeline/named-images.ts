import { type Copy, DockerfileParser, type Flag, type From, type Instruction, type Run } from "dockerfile-ast";
import { substitute } from "@/domain/import/substitute";

/** An image that a build needs and that is no stage of its own Dockerfile. */
export interface NamedImage {
	/** As BuildKit asks for it: arguments filled in. One that no argument fills in is not told. */
	readonly reference: string;
	readonly places: readonly ImagePlace[];
}

export interface ImagePlace {
	/** Offsets in the text of what names the image. */
	readonly start: number;
	readonly end: number;
	/** A stage begins with it: the offset after that instruction; null = something is only copied out of it. */
	readonly begun: number | null;
}

interface Stage {
	readonly name: string | null;
	readonly images: { readonly reference: string; readonly place: ImagePlace }[];
	/** Stages that it begins with or copies from. */
	readonly needs: Set<number>;
}

/**
 * The images behind FROM, COPY --from and RUN --mount=from of the stages that a target needs (BuildKit asks for no other).
 * Pure, never throws: what is no Dockerfile names none.
 */
export function namedImages(
	dockerfile: string,
	given: Readonly<Record<string, string>> = {},
	target: string | null = null,
): NamedImage[] {
	const stages = readStages(dockerfile, given);
	const found = new Map<string, ImagePlace[]>();
	for (const index of neededStages(stages, target)) {
		for (const { reference, place } of stages[index]?.images ?? []) {
			found.set(reference, [...(found.get(reference) ?? []), place]);
		}
	}
	return [...found].map(([reference, places]) => ({ reference, places }));
}

function instructionsOf(dockerfile: string): Instruction[] {
	try {
		return DockerfileParser.parse(dockerfile).getInstructions();
	} catch {
		return [];
	}
}

function readStages(dockerfile: string, given: Readonly<Record<string, string>>): Stage[] {
	const offset = offsetsOf(dockerfile);
	const known = new Map<string, string>();
	const stages: Stage[] = [];
	for (const instruction of instructionsOf(dockerfile)) {
		const keyword = instruction.getKeyword().toUpperCase();
		const stage = stages.at(-1);
		if (keyword === "ARG" && !stage) {
			for (const word of instruction.getArguments()) learn(word.getValue(), known, given);
		} else if (keyword === "FROM") {
			const from = instruction as From;
			const next: Stage = { name: from.getBuildStage()?.toLowerCase() ?? null, images: [], needs: new Set() };
			const range = from.getImageRange();
			const text = substitute(from.getImage() ?? "", known);
			if (range) use(next, stages, text, { ...offset(range), begun: offset(from.getRange()).end });
			stages.push(next);
		} else if (stage && (keyword === "COPY" || keyword === "RUN")) {
			const named = keyword === "COPY" ? copiedFrom(instruction as Copy) : mountedFrom(instruction as Run);
			const earlier = stages.slice(0, -1);
			for (const { value, range } of named) use(stage, earlier, value, { ...offset(range), begun: null }, true);
		}
	}
	return stages;
}

/** `NAME=default` or `NAME`, whose value may be quoted and may name earlier ones. */
function learn(word: string, known: Map<string, string>, given: Readonly<Record<string, string>>): void {
	const [, name = "", value] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
	const text = given[name] ?? (value === undefined ? undefined : substitute(value.replace(/^(["'])(.*)\1$/s, "$2"), known));
	if (text !== undefined) known.set(name, text);
}

function use(stage: Stage, earlier: readonly Stage[], text: string, place: ImagePlace, byNumber = false): void {
	if (text === "" || text.toLowerCase() === "scratch") return;
	const named = earlier.findLastIndex(({ name }) => name === text.toLowerCase());
	const index = named === -1 && byNumber && /^\d+$/.test(text) ? Number(text) : named;
	if (index >= 0 && index < earlier.length) stage.needs.add(index);
	else if (!text.includes("$")) stage.images.push({ reference: text, place });
}

type Named = { readonly value: string; readonly range: Range };
type Range = ReturnType<Instruction["getRange"]>;

function copiedFrom(copy: Copy): Named[] {
	// Its own getter knows --from only when it is the one flag.
	return copy
		.getFlags()
		.filter((flag) => flag.getName() === "from")
		.flatMap(rangedValue);
}

function mountedFrom(run: Run): Named[] {
	return run
		.getFlags()
		.filter((flag) => flag.getName() === "mount")
		.flatMap((flag) => flag.getOptions().filter((option) => option.getName() === "from"))
		.flatMap(rangedValue);
}

function rangedValue(named: Pick<Flag, "getValue" | "getValueRange">): Named[] {
	const value = named.getValue();
	const range = named.getValueRange();
	return value && range ? [{ value, range }] : [];
}

function offsetsOf(text: string): (range: Range) => { start: number; end: number } {
	const begins = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((line) => line.index + line[0].length)];
	const at = ({ line, character }: Range["start"]) => (begins[line] ?? text.length) + character;
	return ({ start, end }) => ({ start: at(start), end: at(end) });
}

/** The target (a name or a number; null or an unknown one = the last stage) and all that it is made from, in order. */
function neededStages(stages: readonly Stage[], target: string | null): number[] {
	const named = target === null ? -1 : stages.findLastIndex(({ name }) => name === target.toLowerCase());
	const numbered = target !== null && /^\d+$/.test(target) && Number(target) < stages.length ? Number(target) : stages.length - 1;
	const needed = new Set<number>();
	const open = [named === -1 ? numbered : named];
	for (let index = open.pop(); index !== undefined; index = open.pop()) {
		if (needed.has(index)) continue;
		needed.add(index);
		open.push(...(stages[index]?.needs ?? []));
	}
	return [...needed].sort((a, b) => a - b);
}

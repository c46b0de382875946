import { DockerfileParser, type Instruction, type PropertyInstruction } from "dockerfile-ast";
import type { Facts, Found, HealthFact, Place, PortFact, SourceFile } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import { portNumber, readProbe } from "@/domain/import/probe-command";
import { whyNotReadable } from "@/domain/import/readable";
import { substitute } from "@/domain/import/substitute";

/** What the chosen stage of a Dockerfile says of the image. */
export interface DockerfileFacts extends Facts {
	readonly ports: readonly PortFact[];
	/** ENV PORT. */
	readonly portVariable: Found<string> | null;
	/** A port named by the program's own arguments. */
	readonly portArgument: Found<number> | null;
	/** The image that the stage, or the stage it comes from, begins with. */
	readonly base: Found<string> | null;
	/** Sources of COPY and ADD: they say which folder the build is made in. */
	readonly copied: readonly string[];
	readonly stages: readonly string[];
}

interface Stage {
	name: string | null;
	base: Found<string> | null;
	readonly known: Map<string, string>;
	ports: PortFact[];
	health: HealthFact | null;
	portVariable: Found<string> | null;
	user: Found<string> | null;
	stopSignal: Found<string> | null;
	entry: Found<string> | null;
	command: Found<string> | null;
	copied: string[];
}

const mostInstructions = 2_000;

/** Reads one Dockerfile as far as its target stage, the last one if none is named. Never throws: what is wrong is a note. */
export function readDockerfile(file: SourceFile, target: string | null): DockerfileFacts {
	const unread = whyNotReadable(file);
	if (unread !== null) return nothing([unread]);
	const notes: string[] = [];
	let instructions: Instruction[];
	try {
		instructions = DockerfileParser.parse(file.text).getInstructions();
	} catch {
		return nothing([`${file.path} could not be read as a Dockerfile.`]);
	}
	if (instructions.length > mostInstructions) {
		return nothing([`${file.path} has more than ${mostInstructions} instructions and was not read.`]);
	}
	const stages = readStages(file.path, instructions, notes);
	const last = stages.at(-1);
	if (!last) return nothing([`${file.path} has no FROM: it is no Dockerfile that can be built.`]);
	const named = target === null ? last : stages.find((stage) => stage.name === target.toLowerCase());
	if (!named) notes.push(`${file.path} has no stage "${target}": what its last stage says is proposed.`);
	return factsOf(named ?? last, stages, notes);
}

function nothing(notes: readonly string[]): DockerfileFacts {
	return { ports: [], portVariable: null, portArgument: null, base: null, copied: [], stages: [], notes };
}

function readStages(file: string, instructions: readonly Instruction[], notes: string[]): Stage[] {
	const globals = new Map<string, string>();
	const stages: Stage[] = [];
	for (const instruction of instructions) {
		const at = { file, line: instruction.getRange().start.line + 1 };
		const keyword = instruction.getKeyword().toUpperCase();
		const stage = stages.at(-1);
		if (keyword === "FROM") stages.push(begin(instruction, at, globals, stages));
		else if (keyword === "ARG") argument(instruction, stage?.known ?? globals, stage ? globals : null);
		else if (stage) take(stage, keyword, instruction, at, notes);
	}
	return stages;
}

function begin(instruction: Instruction, at: Place, globals: ReadonlyMap<string, string>, stages: readonly Stage[]): Stage {
	const words = contentOf(instruction)
		.split(/\s+/)
		.filter((word) => !word.startsWith("--"));
	const image = substitute(words[0] ?? "", globals);
	const name = words[1]?.toLowerCase() === "as" ? (words[2]?.toLowerCase() ?? null) : null;
	const parent = stages.find((stage) => stage.name === image.toLowerCase());
	if (parent) return { ...parent, name, known: new Map(parent.known), ports: [...parent.ports], copied: [...parent.copied] };
	const none = { health: null, portVariable: null, user: null, stopSignal: null, entry: null, command: null };
	return { ...none, name, base: { value: image, at }, known: new Map(), ports: [], copied: [] };
}

/** `ARG NAME` in a stage takes what was given before the first one. */
function argument(instruction: Instruction, known: Map<string, string>, globals: ReadonlyMap<string, string> | null): void {
	for (const { name, value } of propertiesOf(instruction)) {
		const given = value === null ? globals?.get(name) : substitute(value, known);
		if (given !== undefined && !known.has(name)) known.set(name, given);
	}
}

function take(stage: Stage, keyword: string, instruction: Instruction, at: Place, notes: string[]): void {
	const content = contentOf(instruction);
	switch (keyword) {
		case "ENV":
			for (const { name, value } of propertiesOf(instruction)) {
				const text = substitute(value ?? "", stage.known);
				stage.known.set(name, text);
				if (name === "PORT") stage.portVariable = { value: text, at };
			}
			return;
		case "EXPOSE":
			for (const word of substitute(content, stage.known).split(/\s+/)) expose(stage, word, at, notes);
			return;
		case "HEALTHCHECK":
			stage.health = healthOf(content, stage.known, at, notes);
			return;
		case "USER":
			stage.user = { value: substitute(content, stage.known), at };
			return;
		case "STOPSIGNAL":
			stage.stopSignal = { value: substitute(content, stage.known), at };
			return;
		case "ENTRYPOINT":
			stage.entry = { value: content, at };
			return;
		case "CMD":
			stage.command = { value: content, at };
			return;
		case "COPY":
		case "ADD":
			stage.copied.push(...copiedBy(content));
			return;
	}
}

function expose(stage: Stage, word: string, at: Place, notes: string[]): void {
	if (word === "") return;
	const [, first = "", , last, protocol = "tcp"] = /^([^-/]+)(-([^-/]+))?(?:\/(\w+))?$/.exec(word) ?? [];
	const [from, to] = [portNumber(first), portNumber(last ?? first)];
	if (from === null || to === null || to < from) {
		const reason = word.includes("$") ? "its value is known only when the image is built" : "it is no port";
		notes.push(`${placeText(at)}: EXPOSE ${word.slice(0, 60)} was not understood: ${reason}.`);
		return;
	}
	if (protocol.toLowerCase() !== "tcp") {
		notes.push(
			`${placeText(at)}: port ${word.slice(0, 60)} is left out: Sluice routes HTTP, gRPC, WebSocket and TCP, not ${protocol.toUpperCase()}.`,
		);
		return;
	}
	if (to - from > 3) {
		notes.push(`${placeText(at)}: of the range ${word} only port ${from} is proposed.`);
	}
	const end = to - from > 3 ? from : to;
	for (let port = from; port <= end; port += 1) addPort(stage, port, at);
}

function addPort(stage: Stage, port: number, at: Place): void {
	if (stage.ports.some((one) => one.target === port)) return;
	stage.ports.push({ port, target: port, name: null, protocol: null, at });
}

function healthOf(content: string, known: ReadonlyMap<string, string>, at: Place, notes: string[]): HealthFact {
	const none = { path: "", port: null, at };
	if (/^NONE\b/i.test(content)) return { ...none, kind: "none" };
	const command = /^(?:--\S+\s+)*CMD\s+(.*)$/is.exec(content)?.[1];
	if (command === undefined) {
		notes.push(`${placeText(at)}: the HEALTHCHECK was not understood.`);
		return { ...none, kind: "other" };
	}
	const { isTls, ...probe } = readProbe(substitute(wordsOf(command).join(" "), known));
	if (!isTls) return { ...probe, at };
	notes.push(`${placeText(at)}: the health check speaks HTTPS; Sluice asks over plain HTTP.`);
	return { ...none, kind: "other" };
}

/** The words of the exec form, or the shell form as one. */
function wordsOf(command: string): string[] {
	const text = command.trim();
	if (!text.startsWith("[")) return [text];
	try {
		const words: unknown = JSON.parse(text);
		return Array.isArray(words) ? words.filter((word) => typeof word === "string") : [text];
	} catch {
		return [text];
	}
}

function copiedBy(content: string): string[] {
	const words = wordsOf(content).length > 1 ? wordsOf(content) : content.split(/\s+/);
	const flags = words.filter((word) => word.startsWith("--"));
	if (flags.some((flag) => flag.startsWith("--from="))) return [];
	return words.filter((word) => !word.startsWith("--") && !/[*?[$<]|:\/\//.test(word)).slice(0, -1);
}

/** Comments and continued lines are taken out by the parser. */
function contentOf(instruction: Instruction): string {
	return (instruction.getArgumentsContent() ?? "").trim();
}

function propertiesOf(instruction: Instruction): { name: string; value: string | null }[] {
	return (instruction as PropertyInstruction)
		.getProperties()
		.map((property) => ({ name: property.getName(), value: property.getValue() }));
}

/** `--port 8000`, `--bind=0.0.0.0:8000`, `-b :8000`, `--server.port=9000`. */
const portFlag = /(?:--?(?:[\w.-]*port|bind|listen|addr|address|http)|\s-[bp])["',\s=]+(?:[\w.[\]*]*:)?(\d{2,5})\b/i;

function factsOf(stage: Stage, stages: readonly Stage[], notes: string[]): DockerfileFacts {
	const run = [stage.entry, stage.command].filter((one) => one !== null);
	const argument = run.flatMap(({ value, at }) => {
		const port = portNumber(portFlag.exec(substitute(` ${value}`, stage.known))?.[1]);
		return port === null ? [] : [{ value: port, at }];
	})[0];
	if (stage.stopSignal && !/^(SIG)?TERM$|^15$/i.test(stage.stopSignal.value)) {
		notes.push(
			`${placeText(stage.stopSignal.at)}: instances are stopped with ${stage.stopSignal.value.slice(0, 20)}, as the image says.`,
		);
	}
	const user = stage.user;
	if (user === null || /^(root|0)(:|$)/.test(user.value)) {
		const where = user === null ? "The Dockerfile names no USER" : `${placeText(user.at)}: USER ${user.value.slice(0, 40)}`;
		notes.push(`${where}: unless the base image names another, the service runs as root.`);
	}
	return {
		ports: stage.ports,
		...(stage.health === null ? {} : { health: stage.health }),
		portVariable: stage.portVariable,
		portArgument: argument ?? null,
		base: stage.base,
		copied: stage.copied,
		stages: stages.flatMap(({ name }) => (name === null ? [] : [name])),
		notes,
	};
}

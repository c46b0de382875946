import { type Command, Option } from "commander";
import { type MatrixShow, matrixShows } from "@/domain/environment/show";
import type { EnvironmentMatrix, MatrixCell } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";
import { allPages } from "../pages";

type Line = EnvironmentMatrix["services"][number];

interface FilterOptions {
	readonly search?: string;
	readonly show?: MatrixShow;
	readonly env?: string;
}

function withFilter(command: Command): Command {
	return command
		.option("--search <words>", "all of them in its name, description, owner or repository")
		.addOption(new Option("--show <what>", "only services that have this in some environment").choices(matrixShows))
		.option("--env <name>", "with --show: in that environment");
}

async function wholeMatrix({ search, show, env }: FilterOptions): Promise<EnvironmentMatrix> {
	const client = createClient(homeOf());
	let first: EnvironmentMatrix | undefined;
	const services = await allPages<Line, string>(
		async (page) => {
			const matrix = await client.environment.matrix.query({ search, show, environment: env, ...page });
			first ??= matrix;
			return matrix.services;
		},
		({ name }) => name,
	);
	return { ...(first ?? { environments: [], count: { found: 0, isMore: false, all: 0 } }), services };
}

export function register(program: Command): void {
	const environment = program.command("environment").description("where services run");
	withFilter(withOutput(environment.command("list").description("what runs where, what is ahead, and what is frozen"))).action(
		async (options: OutputOptions & FilterOptions) => {
			const matrix = await wholeMatrix(options);
			if (options.output === "json") return printJson(matrix);
			for (const { frozen } of matrix.environments) if (frozen) tell(frozen.sentence);
			const cells = matrix.environments.map(({ name }, index) => [name.toUpperCase(), (row: Line) => cellText(row.cells[index])]);
			print(options, matrix.services, { SERVICE: (row: Line) => row.name, ...Object.fromEntries(cells) });
		},
	);
}

function cellText(cell: MatrixCell | undefined): string {
	if (!cell) return "";
	const words = [cell.stable ? `release ${cell.stable.number}, ${cell.state}` : cell.state];
	if (cell.rollout) words.push(`rollout ${cell.rollout.number} at ${cell.rollout.weight} %`);
	if (cell.drift) words.push(driftText(cell.drift));
	if (cell.frozen) words.push("frozen");
	return words.join("; ");
}

function driftText({ environment, release, relation, releases }: NonNullable<MatrixCell["drift"]>): string {
	return `${environment} has ${release}${releases === null ? "" : `, ${releases} ${relation}`}`;
}

import type { Command } from "commander";
import type { EnvironmentMatrix, MatrixCell } from "@/server/views";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, tell, withOutput } from "../output";

type Line = EnvironmentMatrix["services"][number];

export function register(program: Command): void {
	const environment = program.command("environment").description("where services run");
	withOutput(environment.command("list").description("what runs where, what is ahead, and what is frozen")).action(
		async (options: OutputOptions) => {
			const matrix = await createClient(homeOf()).environment.matrix.query();
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

import type { Command } from "commander";
import { Option } from "commander";
import type { MeasurementPoint } from "@/domain/analysis/measurement";
import { createClient } from "../client";
import { homeOf } from "../home";
import { type OutputOptions, print, printJson, withOutput } from "../output";

const columns = {
	AT: (row: MeasurementPoint) => row.at.toISOString(),
	RELEASE: (row: MeasurementPoint) => row.release,
	REQUESTS: (row: MeasurementPoint) => row.requests,
	FAILURES: (row: MeasurementPoint) => row.failures,
	P50: (row: MeasurementPoint) => milliseconds(row.p50Us),
	P95: (row: MeasurementPoint) => milliseconds(row.p95Us),
	P99: (row: MeasurementPoint) => milliseconds(row.p99Us),
};

function milliseconds(us: number | null): string | null {
	return us === null ? null : `${(us / 1_000).toFixed(1)} ms`;
}

type Span = "15m" | "1h" | "6h";

export function register(program: Command): void {
	withOutput(program.command("metrics <service>").description("requests, failures and latency, by release"))
		.requiredOption("--env <environment>")
		.addOption(new Option("--span <span>", "how far back").choices(["15m", "1h", "6h"]).default("15m"))
		.action(async (service: string, options: OutputOptions & { env: string; span: Span }) => {
			const asked = { service, environment: options.env, span: options.span };
			const chart = await createClient(homeOf()).measurement.list.query(asked);
			if (options.output === "json") return printJson(chart);
			print(options, chart.points, columns);
		});
}

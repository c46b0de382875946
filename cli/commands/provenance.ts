import type { Command } from "commander";
import { AppError } from "@/domain/errors";
import { createClient } from "../client";
import { homeOf } from "../home";
import { printJson } from "../output";

export function register(program: Command): void {
	program
		.command("provenance <service> <release>")
		.description("who built a release's image from what (SLSA v1), or with --sbom what is in it (SPDX 2.3); JSON, not signed")
		.option("--sbom", "the packages in the image")
		.action(async (service: string, release: string, { sbom }: { sbom?: boolean }) => {
			if (!/^[1-9]\d{0,8}$/.test(release)) throw new AppError("invalid", `"${release}" is not a release's number.`);
			const found = await createClient(homeOf()).release.provenance.query({ service, release: Number(release) });
			if (found === null) {
				throw new AppError("not-found", `Nothing is recorded of release ${release} of ${service}: its image was not built here.`);
			}
			printJson(sbom ? found.sbom : found.provenance);
		});
}

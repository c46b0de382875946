import type { Command } from "commander";
import { readInstallation } from "@/adapters/installation/read";
import { AppError } from "@/domain/errors";
import { portOf } from "@/domain/installation";
import { homeOf } from "../home";
import { type OutputOptions, printJson, tell, withOutput } from "../output";

export function register(program: Command): void {
	const image = program.command("image").description("images of the platform's registry");
	withOutput(image.command("push <local-image>").description("push an image of this machine's engine; prints repository@digest"))
		.option("--name <repository>", "its repository here; by default the image's own name")
		.action(async (local: string, { name, output }: OutputOptions & { name?: string }) => {
			const repository = name ?? repositoryOf(local);
			if (!/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/.test(repository)) {
				throw new AppError("invalid", `"${repository}" cannot be a repository's name: give one with --name.`);
			}
			const [{ default: Docker }, { pushImage }, { tagManifest }] = await Promise.all([
				import("dockerode"),
				import("@/adapters/registry/push"),
				import("@/adapters/registry/manifest"),
			]);
			const registry = `127.0.0.1:${portOf(readInstallation(homeOf()).portBase, "registry")}`;
			const pushed = await pushImage(new Docker(), registry, local, repository, tell);
			// Under its own tag too: a manifest can then name it as people do.
			await tagManifest(registry, { repository, digest: pushed.slice(pushed.indexOf("@") + 1) }, tagOf(local));
			if (output === "json") printJson({ image: pushed });
			else process.stdout.write(`${pushed}\n`);
		});
}

/** `registry:5000/team/app:tag` -> `team/app` */
function repositoryOf(image: string): string {
	const withoutTag = image.replace(/@sha256:.*$/, "").replace(/:[^/:]*$/, "");
	const [first = "", ...rest] = withoutTag.split("/");
	return rest.length > 0 && /[.:]|^localhost$/.test(first) ? rest.join("/") : withoutTag;
}

/** `team/app:tag` -> `tag` */
function tagOf(image: string): string {
	return /:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/.exec(image.replace(/@sha256:.*$/, ""))?.[1] ?? "latest";
}

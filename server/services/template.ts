import { join } from "node:path";
import { readTemplate, templateNames } from "@/adapters/template/read";
import { parseManifest } from "@/domain/manifest/parse";
import { pipelineEnvironment } from "@/domain/pipeline/model";
import type { TemplateFile, TemplateValues } from "@/domain/template/model";
import { renderTemplate } from "@/domain/template/render";
import type { Deps } from "@/server/deps";
import { cloneUrl } from "@/server/store/repository-view";
import { holderOfName } from "@/server/store/scaffold";
import { wayIntoFirst } from "@/server/store/scaffold-view";
import type { TemplatePreview, TemplateRow } from "@/server/views";

/** Beside the portal's build and in a checkout alike. */
const folder = join(process.cwd(), "templates");

export function listTemplates(): TemplateRow[] {
	return templateNames(folder).map((name) => {
		const { definition, files } = readTemplate(folder, name);
		const { title, description, gives, fields, firstChange } = definition;
		return { name, title, description, gives, fields, firstChange, tree: files.map(({ path }) => path) };
	});
}

/** Throws `not-found`, and `invalid` with `details.problems`. */
export function render(template: string, values: TemplateValues): TemplateFile[] {
	return renderTemplate(readTemplate(folder, template), values);
}

/** What a start would make, and where; nothing is made. Throws `not-found` and `invalid`. */
export async function previewTemplate(
	deps: Pick<Deps, "database" | "env">,
	{ template, values }: { readonly template: string; readonly values: TemplateValues },
): Promise<TemplatePreview> {
	const files = render(template, values);
	const manifest = files.find(({ path }) => path === "sluice.yaml")?.text ?? "";
	const { service } = parseManifest(manifest, "sluice.yaml");
	return {
		files,
		manifest,
		makes: {
			repository: cloneUrl(deps.env, service),
			service,
			branch: "main",
			environment: pipelineEnvironment,
			url: (await wayIntoFirst(deps, service)).url,
		},
		taken: await holderOfName(deps.database, service),
	};
}

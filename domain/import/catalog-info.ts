import type { Facts, SourceFile } from "@/domain/import/model";
import { readYaml, type YamlNode } from "@/domain/import/yaml-nodes";

const none: Facts = { notes: [] };

/** Backstage's `catalog-info.yaml`: its first Component. */
export function readCatalogInfo(file: SourceFile): Facts {
	const facts = readYaml(file, (documents) => {
		const components = documents.filter((document) => document.get("kind")?.text() === "Component");
		const [component] = components;
		if (!component) return { notes: [`${file.path} has no Component: nothing was taken from it.`] };
		return { ...factsOf(component), notes: notesOf(file.path, components) };
	});
	return typeof facts === "string" ? { ...none, notes: [facts] } : facts;
}

function factsOf(component: YamlNode): Omit<Facts, "notes"> {
	const description = component.found("metadata", "description");
	const all = {
		name: component.found("metadata", "name"),
		description: description && { ...description, value: oneLine(description.value, 2_000) },
		owner: component.found("spec", "owner"),
		system: component.found("spec", "system"),
		type: component.found("spec", "type"),
		lifecycle: component.found("spec", "lifecycle"),
	};
	return Object.fromEntries(Object.entries(all).filter(([, found]) => found !== undefined));
}

function notesOf(file: string, components: readonly YamlNode[]): string[] {
	const relations = ["providesApis", "consumesApis", "dependsOn"].filter((key) => components[0]?.get("spec", key));
	return [
		...(components.length > 1
			? [`${file} has ${components.length} Components: the first one is taken. A repository makes one service.`]
			: []),
		...(relations.length > 0
			? [`${file}: ${relations.join(", ")} stay in ${file}; write them into sluice.yaml to see them here.`]
			: []),
	];
}

export function oneLine(text: string, longest: number): string {
	return text.replace(/\s+/g, " ").trim().slice(0, longest);
}

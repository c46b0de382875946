import { oneLine } from "@/domain/import/catalog-info";
import type { Answers, Facts, Found, ImportSource } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";
import type { PackageHints } from "@/domain/import/package-hints";
import type { Said } from "@/domain/import/said";
import { slugFrom } from "@/domain/import/slug-from";
import type { ManifestParts } from "@/domain/import/write-manifest";
import { isSlug } from "@/domain/names";

interface IdentityFiles {
	readonly catalog: Facts | null;
	readonly score: Facts | null;
	readonly hints: PackageHints;
}

type Identity = Pick<ManifestParts, "name" | "description" | "owner" | "system" | "type" | "lifecycle">;

/** Who the service is and who answers for it. */
export function identityOf(
	source: ImportSource,
	{ catalog, score, hints }: IdentityFiles,
	answers: Answers,
	said: Said,
): Identity {
	const name = nameOf(source, catalog?.name ?? score?.name, answers, said);
	const description = answers.description ?? catalog?.description?.value ?? hints.description?.value ?? "";
	const descriptionFrom = answers.description === undefined ? (catalog?.description ?? hints.description)?.at : undefined;
	const owner = answers.owner ?? catalog?.owner?.value ?? hints.owner?.value ?? "";
	const ownerFrom = answers.owner === undefined ? (catalog?.owner ?? hints.owner)?.at : undefined;
	if (!catalog?.owner) {
		const guess = hints.owner ? ` ${placeText(hints.owner.at)} names ${hints.owner.value}.` : "";
		const sentence = `No catalog-info.yaml says who answers for the service.${guess} Which team or person is it?`;
		said.questions.push({
			key: "owner",
			sentence,
			proposed: hints.owner?.value ?? "",
			choices: null,
			isOpen: answers.owner === undefined,
		});
	}
	const cut = { description: oneLine(description, 2_000), owner: oneLine(owner, 200) };
	if (cut.description !== "") said.values.push({ key: "description", value: cut.description, from: descriptionFrom ?? null });
	if (cut.owner !== "") said.values.push({ key: "owner", value: cut.owner, from: ownerFrom ?? null });
	const more = { system: catalog?.system, type: catalog?.type, lifecycle: catalog?.lifecycle };
	for (const [key, found] of Object.entries(more)) {
		if (found) said.values.push({ key, value: oneLine(found.value, 200), from: found.at });
	}
	const text = (found: Found<string> | undefined, other: string) => (found ? oneLine(found.value, 200) : other);
	return {
		name,
		...cut,
		system: text(more.system, ""),
		type: text(more.type, "service"),
		lifecycle: text(more.lifecycle, "production"),
	};
}

function nameOf(source: ImportSource, found: Found<string> | undefined, answers: Answers, said: Said): string {
	const answered = answers.name;
	if (answered !== undefined && isSlug(answered)) {
		said.values.push({ key: "name", value: answered, from: null });
		return answered;
	}
	if (answered !== undefined)
		said.notes.push(
			`"${answered.slice(0, 60)}" cannot be a name: 1 to 40 small letters, digits and single hyphens, beginning with a letter.`,
		);
	const slug = found && slugOf(found.value);
	const name = slug ?? slugOf(source.repository) ?? "service";
	if (found && slug === null)
		said.notes.push(
			`${placeText(found.at)}: "${found.value.slice(0, 60)}" cannot be a service's name here; ${name} is proposed.`,
		);
	else if (found && slug !== found.value)
		said.notes.push(`${placeText(found.at)}: "${found.value.slice(0, 60)}" is written ${name} here.`);
	said.values.push({ key: "name", value: name, from: slug !== null && found ? found.at : null });
	return name;
}

function slugOf(text: string): string | null {
	const slug = slugFrom(text, 40);
	return slug !== null && isSlug(slug) ? slug : null;
}

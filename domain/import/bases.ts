import type { ChosenBuild } from "@/domain/import/choose-dockerfile";
import { type Answers, type ProposedBase, placeText } from "@/domain/import/model";
import { whyNotReadable } from "@/domain/import/readable";
import type { Said } from "@/domain/import/said";
import { type BaseImages, baseImagesChoices } from "@/domain/manifest/model";
import { absentSentence, replacedSentence, substituteFor } from "@/domain/pipeline/base-substitute";
import { namedImages } from "@/domain/pipeline/named-images";

/** Images that a build begins with or copies from, and what is built on where no registry answers: said before, not in a log. */
export function basesOf({ file, target }: ChosenBuild): ProposedBase[] {
	if (file === null || whyNotReadable(file) !== null) return [];
	return namedImages(file.text, {}, target).map(({ reference, places }) => {
		const line = file.text.slice(0, places[0]?.start ?? 0).split(/\r\n|\n|\r/).length;
		const at = { file: file.path, line };
		const substitute = substituteFor(reference);
		const place = placeText(at);
		if (substitute === null) return { image: reference, base: null, sentence: absentSentence(place, reference), at };
		return { image: reference, base: substitute.base, sentence: replacedSentence(place, reference, substitute), at };
	});
}

const sentence =
	"Where an image cannot be fetched because no hub answers, may the build begin with a base of Sluice's own instead? hub: no, it fails then. substitute: yes, and its log says so.";

/** Asked of what has an image that would be replaced; without an answer it is as the manifest's own default. */
export function baseImagesOf(bases: readonly ProposedBase[], answers: Answers, said: Said): BaseImages {
	if (bases.every(({ base }) => base === null)) return "substitute";
	const answer = baseImagesChoices.find((one) => one === answers.baseImages);
	if (answers.baseImages !== undefined && answer === undefined) {
		said.notes.push(`"${answers.baseImages.slice(0, 20)}" is no word for base images: it is ${baseImagesChoices.join(" or ")}.`);
	}
	const proposed = answer ?? "substitute";
	said.questions.push({ key: "baseImages", sentence, proposed, choices: baseImagesChoices, isOpen: false });
	return proposed;
}

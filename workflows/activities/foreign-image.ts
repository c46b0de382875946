import type { Resolution } from "@/adapters/builder/port";
import type { PipelineActivityDeps } from "@/workflows/activities/pipeline-step";

/** The steps of one pipeline ask for the same images. */
const answerMs = 60_000;
const answers = new Map<string, { readonly resolution: Promise<Resolution>; readonly until: number }>();

/** Whether the engine that builds has an image or can get it; the answer is good for a minute. */
export function resolveImage({ builder }: Pick<PipelineActivityDeps, "builder">, image: string): Promise<Resolution> {
	const known = answers.get(image);
	if (known && known.until > Date.now()) return known.resolution;
	for (const [name, { until }] of answers) if (until <= Date.now()) answers.delete(name);
	const resolution = builder.imageId(image).then((id) => (id === null ? builder.resolve(image) : "found"));
	answers.set(image, { resolution, until: Date.now() + answerMs });
	return resolution;
}

import type { Answers, Question, VolumeFact } from "@/domain/import/model";
import type { PlannedPort } from "@/domain/import/ports";
import type { Said } from "@/domain/import/said";

const strategies = ["canary", "rolling"] as const;

export type ProposedStrategy = (typeof strategies)[number] | "recreate";

interface Released {
	readonly ports: readonly PlannedPort[];
	readonly volumes: readonly VolumeFact[];
	/** As a file says, of production. */
	readonly instances: number;
}

const sentence =
	"How does a release come to production? canary: a tenth of the requests for a minute, half of them for a minute, then all. rolling: instance by instance.";

/** By canary unless a person says otherwise. Nothing asks it of what speaks a protocol of its own: shares of requests mean nothing there. */
export function strategyOf({ ports, volumes, instances }: Released, answers: Answers, said: Said): ProposedStrategy {
	if (volumes.length > 0) return ofVolumes(volumes, instances, answers, said);
	if (ports.every(({ protocol }) => protocol === "tcp")) return "rolling";
	const answer = strategies.find((one) => one === answers.strategy);
	if (answers.strategy !== undefined && answer === undefined) said.notes.push(notProposed(answers.strategy, strategies));
	const question: Question = { key: "strategy", sentence, proposed: answer ?? "canary", choices: strategies, isOpen: false };
	said.questions.push(question);
	return answer ?? "canary";
}

/** One instance holds a volume: two releases at once cannot be, and the service is away while it changes hands. */
function ofVolumes(volumes: readonly VolumeFact[], instances: number, answers: Answers, said: Said): "recreate" {
	if (answers.strategy !== undefined) said.notes.push(notProposed(answers.strategy, ["recreate"]));
	const names = volumes.map(({ name }) => name).join(", ");
	const rest = instances > 1 ? ` There is 1 instance, where ${instances} were asked for.` : "";
	said.notes.push(
		`A volume (${names}) is held by one instance at a time: each release ends the old one before it starts the new one (strategy recreate), and nothing serves meanwhile.${rest}`,
	);
	said.values.push({ key: "strategy", value: "recreate", from: volumes[0]?.at ?? null });
	return "recreate";
}

function notProposed(answer: string, among: readonly string[]): string {
	return `"${answer.slice(0, 20)}" is no strategy that an import proposes: it is ${among.join(" or ")}.`;
}

import type { Answers, Question } from "@/domain/import/model";
import type { PlannedPort } from "@/domain/import/ports";
import type { Said } from "@/domain/import/said";

const strategies = ["canary", "rolling"] as const;

export type ProposedStrategy = (typeof strategies)[number];

const sentence =
	"How does a release come to production? canary: a tenth of the requests for a minute, half of them for a minute, then all. rolling: instance by instance.";

/** By canary unless a person says otherwise. Nothing asks it of what speaks a protocol of its own: shares of requests mean nothing there. */
export function strategyOf(ports: readonly PlannedPort[], answers: Answers, said: Said): ProposedStrategy {
	if (ports.every(({ protocol }) => protocol === "tcp")) return "rolling";
	const answer = strategies.find((one) => one === answers.strategy);
	if (answers.strategy !== undefined && answer === undefined) {
		said.notes.push(
			`"${answers.strategy.slice(0, 20)}" is no strategy that an import proposes: it is ${strategies.join(" or ")}.`,
		);
	}
	const question: Question = { key: "strategy", sentence, proposed: answer ?? "canary", choices: strategies, isOpen: false };
	said.questions.push(question);
	return answer ?? "canary";
}

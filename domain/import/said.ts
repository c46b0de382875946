import type { ProposedValue, Question } from "@/domain/import/model";

/** What a proposal says beside its manifest, while it is made. */
export interface Said {
	readonly values: ProposedValue[];
	readonly questions: Question[];
	readonly notes: string[];
}

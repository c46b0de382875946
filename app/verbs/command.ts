import type { RolloutVerb } from "@/domain/rollout/gate";
import type { ServiceVerb } from "@/domain/service/gate";

interface Where {
	readonly service: string;
	readonly environment: string;
}

/** Verbs that the command line has too. */
export type SpokenVerb = Exclude<RolloutVerb, "edit">;

/** The same act as words for a shell. Of ended rollouts several may be meant, so these name the one on the page. */
export function rolloutCommand(verb: SpokenVerb, rollout: Where & { readonly number: number }, reason: string): string {
	const { service, environment, number } = rollout;
	const [word, ...flags] = verb === "promote-full" ? ["promote", "--full"] : [verb];
	const named = verb === "retry" || verb === "rollback" ? ["--rollout", String(number)] : [];
	const why = reason === "" ? [] : ["--reason", quoted(reason)];
	return ["./sluice", word, service, "--env", environment, ...named, ...flags, ...why].join(" ");
}

export function followCommand({ service, environment, number }: Where & { readonly number: number }): string {
	return `./sluice rollout status ${service} ${environment} ${number} --watch`;
}

export function serviceCommand(verb: ServiceVerb, { service, environment }: Where, instances: number): string {
	return `./sluice ${verb} ${service} ${verb === "scale" ? `${instances} ` : ""}--env ${environment}`;
}

export function logsCommand(log: Where & { readonly instance: string; readonly words: string }): string {
	const instance = log.instance === "" ? [] : ["--instance", log.instance];
	const words = log.words === "" ? [] : ["--search", quoted(log.words)];
	return ["./sluice logs", log.service, "--env", log.environment, ...instance, ...words, "-f"].join(" ");
}

/** One word of a POSIX shell, whatever was typed. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}

import type { ConfigChange } from "@/domain/config/model";
import type { CanaryStep } from "@/domain/manifest/model";
import type { TokenLimits } from "@/domain/policy/scope";
import type { Role } from "@/domain/roles";
import type { RolloutVerb } from "@/domain/rollout/gate";
import { stepWord } from "@/domain/rollout/step-words";
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

export function editCommand(rollout: Where & { readonly number: number }, steps: readonly CanaryStep[], reason: string): string {
	const { service, environment, number } = rollout;
	const words = steps.flatMap((step) => ["--step", stepWord(step)]);
	const why = reason === "" ? [] : ["--reason", quoted(reason)];
	return ["./sluice edit", service, "--env", environment, "--rollout", number, ...words, ...why].join(" ");
}

export function deployCommand({ service, environment }: Where, release: number): string {
	return `./sluice deploy ${service} --release ${release} --env ${environment} --watch`;
}

/** The same, over a freeze. */
export function overrideCommand(where: Where, release: number, reason: string): string {
	return `${deployCommand(where, release)} --override-freeze ${quoted(reason)}`;
}

export interface FreezeWords {
	readonly environment: string;
	/** "" = every service. */
	readonly service: string;
	readonly zone: string;
	/** Empty ones are left out. */
	readonly from: string;
	readonly until: string;
	readonly weekly: string;
}

export function freezeCommand({ environment, service, zone, from, until, weekly }: FreezeWords, reason: string): string {
	const said = { service, from, until, weekly, zone, reason };
	const options = Object.entries(said).flatMap(([name, value]) => (value === "" ? [] : [`--${name} ${quoted(value)}`]));
	return ["./sluice freeze create", environment, ...options].join(" ");
}

export function endFreezeCommand(id: string, reason: string): string {
	return `./sluice freeze end ${id}${reason === "" ? "" : ` --reason ${quoted(reason)}`}`;
}

/** One command a change, as each makes a version. A secret's value is asked for by the command: it is in no argument. */
export function configCommands({ service, environment }: Where, changes: readonly ConfigChange[], comment: string): string {
	const rest = ["--env", environment, ...(comment === "" ? [] : ["--comment", quoted(comment)])].join(" ");
	return changes.map((change) => `./sluice config ${changeWords(service, change, rest)}`).join("\n");
}

function changeWords(service: string, change: ConfigChange, rest: string): string {
	if (change.kind === "remove") return `unset ${service} ${quoted(change.name)} ${rest}`;
	if (change.kind === "secret") return `set ${service} ${quoted(change.name)} --secret ${rest}`;
	// Last, as a value that begins with a dash would be read as an option.
	const value = change.value.startsWith("-") ? `-- ${quoted(change.value)}` : quoted(change.value);
	return `set ${service} ${quoted(change.name)} ${rest} ${value}`;
}

export function removeVolumeCommand({ service, environment }: Where, name: string): string {
	return `./sluice volume remove ${service} ${name} --env ${environment}`;
}

export function cancelPipelineCommand({ repository, number }: { readonly repository: string; readonly number: number }): string {
	return `./sluice pipeline cancel ${repository} ${number}`;
}

export function cancelCreationCommand(name: string): string {
	return `./sluice cancel-create ${name}`;
}

export function createRepositoryCommand(name: string): string {
	return `./sluice repository create ${quoted(name)}`;
}

export function hostCommand(verb: "drain" | "undrain" | "remove", host: string, isForced: boolean): string {
	return `./sluice host ${verb} ${host}${isForced ? " --force" : ""}`;
}

export function inviteCommand(email: string, role: Role): string {
	return `./sluice user invite ${quoted(email)} --role ${role}`;
}

export function disableCommand(email: string): string {
	return `./sluice user disable ${quoted(email)}`;
}

export function tokenCommand(name: string, role: Role, days: number, limits: TokenLimits): string {
	const { scopes, services, environments } = limits;
	const each = (option: string, words: readonly string[] | null) => (words ?? []).flatMap((word) => [option, quoted(word)]);
	const narrowed = [...each("--scope", scopes), ...each("--service", services), ...each("--env", environments)];
	return ["./sluice token create", quoted(name), "--role", role, "--days", days, ...narrowed].join(" ");
}

export function webhookCommand(wish: {
	readonly name: string;
	readonly address: string;
	readonly types: readonly string[];
	readonly services: readonly string[];
}): string {
	const types = wish.types.flatMap((type) => ["--type", type]);
	const services = wish.services.flatMap((service) => ["--service", quoted(service)]);
	return ["./sluice webhook create", ...types, ...services, "--", quoted(wish.name), quoted(wish.address)].join(" ");
}

export function webhookVerbCommand(verb: "rotate" | "remove", name: string): string {
	return `./sluice webhook ${verb} -- ${quoted(name)}`;
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

export function gatewayCommand(search: string): string {
	return `./sluice gateway routes${search === "" ? "" : ` ${quoted(search)}`}`;
}

/** One word of a POSIX shell, whatever was typed. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}

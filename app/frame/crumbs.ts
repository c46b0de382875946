import { addressOf } from "./addresses";
import { type NavigationKey, navigation, sectionOf } from "./navigation";

export type Crumb =
	| { readonly kind: "section"; readonly key: NavigationKey | "profile" | "reference"; readonly href: string }
	| { readonly kind: "service"; readonly service: string; readonly href: string }
	| { readonly kind: "environment"; readonly service: string; readonly environment: string; readonly href: string }
	| {
			readonly kind: "rollout";
			readonly service: string;
			readonly environment: string;
			readonly number: number;
			readonly href: string;
	  }
	| { readonly kind: "repository"; readonly repository: string; readonly href: string }
	| { readonly kind: "pipeline"; readonly repository: string; readonly number: number; readonly href: string };

/** Where a path is, from the outside in. */
export function crumbsOf(pathname: string): Crumb[] {
	const parts = pathname.split("/").filter(Boolean).map(decodeURIComponent);
	if (parts[0] === "services" && parts[1] !== undefined) return serviceCrumbs(parts[1], parts[2], parts[4]);
	if (parts[0] === "pipelines" && parts[1] !== undefined) return pipelineCrumbs(parts[1], parts[2]);
	if (parts[0] === "profile") return [{ kind: "section", key: "profile", href: "/profile" }];
	if (parts[0] === "reference") return [{ kind: "section", key: "reference", href: "/reference" }];
	const key = sectionOf(pathname);
	const entry = navigation.flat().find((candidate) => candidate.key === key);
	return entry === undefined ? [] : [{ kind: "section", key: entry.key, href: entry.href }];
}

function serviceCrumbs(service: string, environment: string | undefined, number: string | undefined): Crumb[] {
	const crumbs: Crumb[] = [
		{ kind: "section", key: "catalog", href: "/catalog" },
		{ kind: "service", service, href: addressOf.service(service) },
	];
	if (environment !== undefined && number !== undefined) {
		const rollout = { service, environment, number: Number(number) };
		const listed = `${addressOf.rolloutsOf(service)}&environment=${encodeURIComponent(environment)}`;
		crumbs.push({ kind: "environment", service, environment, href: listed });
		crumbs.push({ kind: "rollout", ...rollout, href: addressOf.rollout(rollout) });
	}
	return crumbs;
}

function pipelineCrumbs(repository: string, number: string | undefined): Crumb[] {
	const crumbs: Crumb[] = [
		{ kind: "section", key: "pipelines", href: "/pipelines" },
		{ kind: "repository", repository, href: addressOf.pipelinesOf(repository) },
	];
	if (number !== undefined) {
		const pipeline = { repository, number: Number(number) };
		crumbs.push({ kind: "pipeline", ...pipeline, href: addressOf.pipeline(pipeline) });
	}
	return crumbs;
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../trpc/client";
import { addressOf } from "./addresses";
import type { Crumb } from "./crumbs";

/** What stands beside a crumb; null while it is asked for. */
export function useSiblings(crumb: Crumb): Crumb[] | null {
	const trpc = useTRPC();
	const services = useQuery(
		trpc.service.list.queryOptions({}, { enabled: crumb.kind === "service" || crumb.kind === "environment" }),
	);
	const repositories = useQuery(trpc.repository.list.queryOptions({}, { enabled: crumb.kind === "repository" }));
	const rollouts = useQuery(
		trpc.rollout.list.queryOptions(
			crumb.kind === "rollout" ? { service: crumb.service, environment: crumb.environment, limit: 15 } : {},
			{ enabled: crumb.kind === "rollout" },
		),
	);
	const pipelines = useQuery(
		trpc.pipeline.list.queryOptions(crumb.kind === "pipeline" ? { repository: crumb.repository, limit: 15 } : {}, {
			enabled: crumb.kind === "pipeline",
		}),
	);
	switch (crumb.kind) {
		case "section":
			return [];
		case "service":
			return services.data?.map(({ name }) => ({ kind: "service", service: name, href: addressOf.service(name) })) ?? null;
		case "environment":
			return services.data === undefined ? null : environmentsOf(crumb, services.data);
		case "repository":
			return (
				repositories.data?.map(({ name }) => ({ kind: "repository", repository: name, href: addressOf.pipelinesOf(name) })) ??
				null
			);
		case "rollout":
			return (
				rollouts.data?.map(({ service, environment, number }) => {
					const name = { service, environment, number };
					return { kind: "rollout", ...name, href: addressOf.rollout(name) };
				}) ?? null
			);
		case "pipeline":
			return (
				pipelines.data?.map(({ repository, number }) => {
					const name = { repository, number };
					return { kind: "pipeline", ...name, href: addressOf.pipeline(name) };
				}) ?? null
			);
	}
}

function environmentsOf(
	crumb: { service: string },
	services: readonly { environments: readonly { environment: string }[] }[],
): Crumb[] {
	const { service } = crumb;
	// Every service is shown in every environment.
	return (services[0]?.environments ?? []).map(({ environment }) => ({
		kind: "environment",
		service,
		environment,
		href: `${addressOf.rolloutsOf(service)}&environment=${encodeURIComponent(environment)}`,
	}));
}

import type { ServiceRow } from "@/server/views";

/** Every environment that a service has, in the order they first come. */
export function environmentsOf(services: readonly ServiceRow[]): string[] {
	return [...new Set(services.flatMap((service) => service.environments.map((version) => version.environment)))];
}

/** Words are looked for in name, description, owner and repository; state and environment in one and the same place. */
export function isFound(service: ServiceRow, filters: { q: string; environment: string; state: string }): boolean {
	const text = `${service.name} ${service.description} ${service.owner} ${service.repository ?? ""}`.toLowerCase();
	if (
		!filters.q
			.toLowerCase()
			.split(/\s+/)
			.every((word) => text.includes(word))
	)
		return false;
	if (filters.environment === "" && filters.state === "") return true;
	return service.environments.some(
		(version) =>
			(filters.environment === "" || version.environment === filters.environment) &&
			(filters.state === "" || version.state === filters.state),
	);
}

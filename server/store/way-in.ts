import { type Installation, portOf } from "@/domain/installation";
import { gatewayHosts } from "@/domain/names";
import type { Gateway } from "@/server/store/gateway";

/** How people call an exposed service from outside. */
export interface WayIn {
	/** An address for a browser; null where the service's name does not lead to a gateway by itself. */
	readonly url: string | null;
	/** A command that calls it by the gateway's address, wherever names lead; null = there is no gateway. */
	readonly curl: string | null;
}

export function wayInto(
	{ domain, portBase }: Installation,
	service: string,
	environment: { readonly name: string; readonly isPrimary: boolean },
	gateway: Gateway | null,
): WayIn {
	const [host] = gatewayHosts(service, { name: environment.name, primary: environment.isPrimary }, domain);
	const port = portOf(portBase, "gateway");
	return {
		url: host && isNameAnswered(domain, gateway) ? `http://${host}:${port}` : null,
		curl: host && gateway ? `curl -H 'Host: ${host}' http://${gateway.address}:${port}/` : null,
	};
}

/** `localhost` and its names lead to this machine; every other domain to where its owner says. */
function isNameAnswered(domain: string, gateway: Gateway | null): boolean {
	return gateway?.isOwn === true || !/(^|\.)localhost$/.test(domain);
}

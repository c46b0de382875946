import type Docker from "dockerode";
import { labels } from "@/domain/names";
import { statusOf } from "./containers";

interface Inspected {
	readonly IPAM?: { readonly Config?: readonly { readonly Gateway?: string }[] };
}

/** The bridge of one environment, made on first use. Returns its gateway address: this host, as its containers see it. */
export async function ensureNetwork(engine: Docker, installation: string, name: string, environment: string): Promise<string> {
	const gateway = await gatewayOf(engine, name);
	if (gateway) return gateway;
	try {
		await engine.createNetwork({
			Name: name,
			Driver: "bridge",
			CheckDuplicate: true,
			Labels: { [labels.installation]: installation, [labels.environment]: environment },
		});
	} catch (error) {
		// Another instance of this environment made it meanwhile.
		if (statusOf(error) !== 409) throw error;
	}
	const made = await gatewayOf(engine, name);
	if (made) return made;
	throw new Error(`the network ${name} has no gateway address`);
}

async function gatewayOf(engine: Docker, name: string): Promise<string | null> {
	try {
		const network = (await engine.getNetwork(name).inspect()) as Inspected;
		return network.IPAM?.Config?.[0]?.Gateway ?? null;
	} catch (error) {
		if (statusOf(error) === 404) return null;
		throw error;
	}
}

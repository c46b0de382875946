import { AppError } from "@/domain/errors";
import type { DesiredInstance, InstanceValues } from "@/domain/host/model";
import type { RelayClient } from "./relay/client";

/** The instance has to wait: its values are only to be had from the relay, and nothing is wrong with the instance itself. */
export class ConfigurationAway extends Error {}

const nothing: InstanceValues = { variables: {}, files: {} };

/** What the instance's references name, asked for anew at each create: nothing here keeps it. Throws ConfigurationAway. */
export async function fetchValues(relay: Pick<RelayClient, "ask">, instance: DesiredInstance): Promise<InstanceValues> {
	if (!instance.references) return nothing;
	try {
		const path = `/v1/config?instance=${encodeURIComponent(instance.id)}`;
		return (await relay.ask<InstanceValues>({ method: "GET", path }))?.body ?? nothing;
	} catch (error) {
		if (!(error instanceof AppError && error.code === "unavailable")) throw error;
		throw new ConfigurationAway(`waits for its configuration: ${error.message}`, { cause: error });
	}
}

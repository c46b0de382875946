import { useRouter } from "next/navigation";
import type { ServiceVerb } from "@/domain/service/gate";
import { addressOf } from "../../../frame/addresses";
import { useTRPCClient } from "../../../trpc/client";
import type { ServiceVerbsProps } from "./service-verbs";

/** Starts the rollout and leads to it. */
export function useServiceVerb({ service, version }: ServiceVerbsProps): (verb: ServiceVerb, instances: number) => Promise<void> {
	const { service: procedures } = useTRPCClient();
	const router = useRouter();
	const where = { service, environment: version.environment };
	return async (verb, instances) => {
		const started = await (verb === "scale" ? procedures.scale.mutate({ ...where, instances }) : procedures[verb].mutate(where));
		router.push(addressOf.rollout(started));
	};
}

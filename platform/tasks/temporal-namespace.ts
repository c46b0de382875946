import { Connection } from "@temporalio/client";
import { messageOf } from "@/domain/errors";
import { readEnv } from "@/server/env";

const namespace = "default";
/** Its own default is 24 hours. */
const retentionDays = 30;
/** gRPC's status "not found". */
const notFound = 5;

/** Task of the supervisor: histories are kept for 30 days. Also right on a Temporal of the user's own. */
async function main(): Promise<void> {
	const connection = await Connection.connect({ address: readEnv().temporalAddress });
	const retention = { seconds: retentionDays * 24 * 60 * 60 } as unknown as { seconds: never };
	try {
		await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
	} catch (error) {
		if ((error as { code?: number }).code !== notFound) throw error;
		await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
	} finally {
		await connection.close();
	}
	console.log(`Temporal keeps histories of the namespace ${namespace} for ${retentionDays} days.`);
}

main().catch((error: unknown) => {
	console.error(`Temporal's namespace cannot be set up: ${messageOf(error)}`);
	process.exit(1);
});

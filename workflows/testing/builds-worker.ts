import { NativeConnection, Worker } from "@temporalio/worker";
import { ensureAuditKey } from "@/adapters/audit/key";
import { createLog } from "@/adapters/log/log";
import type { Env } from "@/server/env";
import { openDatabase } from "@/server/store/client";
import { createPipelineActivities } from "@/workflows/activities/pipeline";
import { taskQueues } from "@/workflows/task-queues";

/** A worker of the queue `builds` in a process of its own, to be killed. Its Env is the first argument, as JSON. */
const env = JSON.parse(process.argv[2] ?? "") as Env;
const connection = await NativeConnection.connect({ address: env.temporalAddress });
const database = openDatabase(env.databaseUrl, () => ensureAuditKey(env.paths.auditKey));
const activities = createPipelineActivities({ database, env, log: createLog("builds-worker") });
const worker = await Worker.create({ connection, taskQueue: taskQueues.builds, activities });
await worker.run();

/** Run once by `sluice restore`, when the database is filled and nothing else of the control plane runs yet. */
import { messageOf } from "@/domain/errors";
import { createDeps } from "@/server/deps";
import { readEnv } from "@/server/env";
import { takeUpAfterRestore } from "@/server/services/restored";

const madeAt = new Date(process.argv[2] ?? "");
if (Number.isNaN(madeAt.getTime())) throw new Error("Usage: server/after-restore.ts <when the backup was made>");
const deps = createDeps(readEnv(), "restore");
takeUpAfterRestore(deps.database, madeAt)
	.then((summary) => console.log(summary))
	.catch((error: unknown) => {
		console.error(messageOf(error));
		process.exitCode = 1;
	})
	.finally(() => void deps.close());

import { fileURLToPath } from "node:url";
import type { WorkerOptions } from "@temporalio/worker";

export const workflowsPath = fileURLToPath(new URL("index.ts", import.meta.url));

/** Workflow code may import `@/` too; what it imports must be pure (domain/). */
export const bundlerOptions: NonNullable<WorkerOptions["bundlerOptions"]> = {
	webpackConfigHook: (config) => ({
		...config,
		resolve: { ...config.resolve, alias: { ...config.resolve?.alias, "@": fileURLToPath(new URL("..", import.meta.url)) } },
	}),
};

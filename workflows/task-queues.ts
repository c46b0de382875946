/** `sluice`: workflows and the rollouts' activities. `builds`: activities that need a builder. */
export const taskQueues = { sluice: "sluice", builds: "builds" } as const;

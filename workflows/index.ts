/** Every workflow the worker runs; Temporal knows them by these names. */
export { pipeline } from "@/workflows/pipeline";
export { rollout } from "@/workflows/rollout";
export { scaffold } from "@/workflows/scaffold";
export { inboundHook, webhook } from "@/workflows/webhook";

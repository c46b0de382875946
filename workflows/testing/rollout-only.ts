export { rollout } from "@/workflows/rollout";

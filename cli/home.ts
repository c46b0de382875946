import { resolve } from "node:path";
import { checkout } from "@/platform/setup";

/** SLUICE_HOME, by default `.sluice` in the checkout. */
export function homeOf(environment: Record<string, string | undefined> = process.env): string {
	return environment.SLUICE_HOME ? resolve(environment.SLUICE_HOME) : `${checkout}/.sluice`;
}

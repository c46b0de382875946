import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") };
const ignored = ["**/node_modules/**", "templates/**", ".next/**", ".sluice*/**", "e2e/**"];

/** unit: no services, part of `npm run check`. integration: real Postgres, Docker, Envoy; run by `sluice test`. */
export default defineConfig({
	resolve: { alias },
	test: {
		projects: [
			{
				resolve: { alias },
				test: { name: "unit", include: ["**/*.test.ts"], exclude: [...ignored, "**/*.integration.test.ts"] },
			},
			{
				resolve: { alias },
				test: {
					name: "integration",
					include: ["**/*.integration.test.ts"],
					exclude: ignored,
					testTimeout: 120_000,
					hookTimeout: 120_000,
					fileParallelism: false,
				},
			},
		],
	},
});

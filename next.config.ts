import type { NextConfig } from "next";
import { PHASE_PRODUCTION_SERVER } from "next/constants";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin({
	requestConfig: "./app/i18n/request.ts",
	// The texts are parsed by the build: no browser loads the parser, some 9 kB of each page's first load.
	experimental: { messages: { path: "./messages/texts", format: "json", locales: "infer", precompile: true } },
});

/** The Content-Security-Policy is in proxy.ts: it carries a nonce of each request. */
const securityHeaders = [
	{ key: "X-Frame-Options", value: "DENY" },
	{ key: "X-Content-Type-Options", value: "nosniff" },
	{ key: "Referrer-Policy", value: "same-origin" },
	{ key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
	{ key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

const config: NextConfig = {
	poweredByHeader: false,
	reactStrictMode: true,
	// Next rewrites the file it is given to its taste: not the one that everything else uses.
	typescript: { tsconfigPath: "app/tsconfig.json" },
	images: { unoptimized: true },
	// Native or generated at install; bundling them breaks their own file lookups.
	serverExternalPackages: [
		"@prisma/client",
		"@prisma/adapter-pg",
		"pg",
		"pino",
		"dockerode",
		"@temporalio/client",
		"@temporalio/common",
		"@grpc/grpc-js",
	],
	headers: () => Promise.resolve([{ source: "/:path*", headers: securityHeaders }]),
};

/** The texts are bundled by the build; a server that runs from a copy of it has no sources to look for. */
export default (phase: string): NextConfig => (phase === PHASE_PRODUCTION_SERVER ? config : withNextIntl(config));

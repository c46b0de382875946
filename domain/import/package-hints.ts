import { oneLine } from "@/domain/import/catalog-info";
import type { Found, ImportSource, Mention, Place, SourceFile } from "@/domain/import/model";
import { whyNotReadable } from "@/domain/import/readable";

/** What a language's own files let one guess; each is asked about, none is believed. */
export interface PackageHints {
	readonly description: Found<string> | null;
	readonly owner: Found<string> | null;
	/** A library for gRPC is used. */
	readonly grpc: Place | null;
	/** A library for HTTP is used. */
	readonly web: Place | null;
	/** The port a framework listens on when nothing else is said. */
	readonly port: Found<number> | null;
	readonly health: Mention | null;
}

export const packageFiles =
	/(^|\/)(package\.json|go\.mod|pom\.xml|build\.gradle(\.kts)?|requirements\.txt|pyproject\.toml|Cargo\.toml|Gemfile|composer\.json)$/;

const grpcLibrary =
	/@grpc\/grpc-js|nice-grpc|google\.golang\.org\/grpc|connectrpc\.com\/connect\b|\bgrpcio\b|\bio\.grpc\b|grpc-(netty|spring|server)|^\s*tonic\s*=/m;
const webLibrary =
	/"(express|fastify|koa|@nestjs\/core|@hapi\/hapi|hono|ws|socket\.io|next)"|gin-gonic\/gin|labstack\/echo|go-chi\/chi|gorilla\/(mux|websocket)|gofiber\/fiber|\b(flask|fastapi|django|aiohttp|starlette|uvicorn|gunicorn|tornado|websockets)\b|spring-boot-starter-web|quarkus-(rest|resteasy|vertx-http)|\b(axum|actix-web)\s*=/im;
const actuator = /spring-boot-starter-actuator/;
const quarkusHealth = /quarkus-smallrye-health/;
const frameworkPorts: readonly (readonly [RegExp, number])[] = [
	[/spring-boot-starter-web(flux)?\b/, 8080],
	[/quarkus-(rest|resteasy|vertx-http)/, 8080],
];

export function readPackageHints({ files }: Pick<ImportSource, "files">): PackageHints {
	const known = files.filter((file) => packageFiles.test(file.path) && whyNotReadable(file) === null);
	const first = (pattern: RegExp): Place | null => {
		for (const file of known) {
			const at = placeOf(file, pattern);
			if (at) return at;
		}
		return null;
	};
	const springHealth = first(actuator);
	const quarkus = first(quarkusHealth);
	const port = frameworkPorts.flatMap(([pattern, value]) => {
		const at = first(pattern);
		return at ? [{ value, at }] : [];
	})[0];
	return {
		...peopleOf(known),
		grpc: first(grpcLibrary),
		web: first(webLibrary),
		port: port ?? null,
		health: springHealth
			? { ...springHealth, path: "/actuator/health" }
			: quarkus
				? { ...quarkus, path: "/q/health/ready" }
				: null,
	};
}

function placeOf({ path, text }: SourceFile, pattern: RegExp): Place | null {
	const match = pattern.exec(text);
	if (!match) return null;
	const before = text.slice(0, match.index + match[0].length);
	return { file: path, line: before.split("\n").length };
}

function peopleOf(files: readonly SourceFile[]): Pick<PackageHints, "description" | "owner"> {
	const find = (name: RegExp, pattern: RegExp): Found<string> | null => {
		for (const file of files) {
			if (!name.test(file.path)) continue;
			const value = oneLine(pattern.exec(file.text)?.[1] ?? "", 200);
			const at = placeOf(file, pattern);
			if (value !== "" && at) return { value, at };
		}
		return null;
	};
	return {
		description:
			find(/package\.json$/, /^\s*"description"\s*:\s*"([^"\\\n]{1,300})"/m) ??
			find(/pom\.xml$/, /<description>\s*([^<]{1,500})<\/description>/) ??
			find(/pyproject\.toml$/, /^description\s*=\s*"([^"\n]{1,300})"/m),
		owner:
			find(/package\.json$/, /^\s*"author"\s*:\s*(?:\{[^}]{0,200}?"name"\s*:\s*)?"([^"<(\\\n]{1,100})/m) ??
			find(/go\.mod$/, /^module\s+[\w.-]+\.[a-z]+\/([\w.-]{1,60})\//m) ??
			find(/pom\.xml$/, /<organization>\s*<name>\s*([^<]{1,100})<\/name>/),
	};
}

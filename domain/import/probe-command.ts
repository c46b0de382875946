import type { HealthFact } from "@/domain/import/model";

/** Of this machine: what a health check inside the container asks. */
const own = String.raw`(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])`;
const url = new RegExp(String.raw`\b(https?)://${own}(?::([^/\s"'\x60)|;&]*))?(/[^\s"'\x60)|;&<>]*)?`, "i");
const bare = new RegExp(
	String.raw`\b(?:curl|wget|http)\b.*?\s${own}(?::([^/\s"'\x60)|;&]*))?(/[^\s"'\x60)|;&<>]*)?(?=[\s"'\x60)|;&]|$)`,
	"i",
);
const grpcAddress = /grpc_health_probe\b.*?-addr[= ]["']?[^\s"':]*:(\d+)/;
const tcpPrograms =
	/\b(?:nc|netcat|ncat|pg_isready|redis-cli|valkey-cli|mysqladmin|mariadb-admin|mongosh?|nats|rabbitmq-diagnostics)\b/;
const tcpPort = /(?:\bnc\b.*?\s(\d{1,5})\b|\s-p\s*(\d{1,5})\b|\/dev\/tcp\/[^/\s]+\/(\d{1,5}))/;

type Probe = Omit<HealthFact, "at">;

/** What a health check's command asks, from its words: curl, wget, grpc_health_probe, nc, or any program with an address in it. */
export function readProbe(command: string): Probe & { readonly isTls: boolean } {
	const plain = { isTls: false, path: "", port: null };
	const grpc = grpcAddress.exec(command);
	if (grpc || command.includes("grpc_health_probe")) return { ...plain, kind: "grpc", port: portNumber(grpc?.[1]) };
	const asked = url.exec(command);
	if (asked) {
		const isTls = asked[1]?.toLowerCase() === "https";
		const port = asked[2] === undefined ? (isTls ? 443 : 80) : portNumber(asked[2]);
		return { kind: "http", path: pathOf(asked[3]), port, isTls };
	}
	const short = bare.exec(command);
	if (short) return { ...plain, kind: "http", path: pathOf(short[2]), port: short[1] === undefined ? 80 : portNumber(short[1]) };
	const tcp = tcpPort.exec(command);
	if (tcp) return { ...plain, kind: "tcp", port: portNumber(tcp[1] ?? tcp[2] ?? tcp[3]) };
	return { ...plain, kind: tcpPrograms.test(command) ? "tcp" : "other" };
}

/** As a manifest's probe may have it; anything else is the root. */
function pathOf(text: string | undefined): string {
	const path = (text ?? "/").split("#")[0] ?? "/";
	return /^\/[!-~]{0,500}$/.test(path) && !path.includes("$") ? path : "/";
}

/** 1 to 65535, or null. */
export function portNumber(text: string | undefined): number | null {
	if (text === undefined || !/^\d{1,5}$/.test(text)) return null;
	const port = Number(text);
	return port >= 1 && port <= 65_535 ? port : null;
}

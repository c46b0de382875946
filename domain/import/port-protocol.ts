import { type HealthFact, type PortFact, type PortProtocol, placeText } from "@/domain/import/model";
import type { PackageHints } from "@/domain/import/package-hints";

/** Of databases, caches and queues, which speak their own protocols. */
const tcpPorts = new Set([1883, 2181, 3306, 4222, 5432, 5672, 6379, 7687, 9042, 9092, 11_211, 27_017]);

/** What a port speaks, as far as it can be told, and the question if it cannot. */
export function protocolOf(
	port: Pick<PortFact, "target" | "name" | "protocol">,
	count: number,
	{ health, hints }: { readonly health: HealthFact | null; readonly hints: PackageHints },
): { protocol: PortProtocol; question: string | null } {
	if (port.protocol !== null) return { protocol: port.protocol, question: null };
	const isChecked = health?.port === port.target;
	if (isChecked && health.kind === "http") return { protocol: "http", question: null };
	if (isChecked && health.kind === "grpc") return { protocol: "h2c", question: null };
	if (isChecked && health.kind === "tcp" && tcpPorts.has(port.target)) return { protocol: "tcp", question: null };
	if (/grpc|h2c/i.test(port.name ?? "")) return { protocol: "h2c", question: null };
	if (/^(http|web|ws)/i.test(port.name ?? "")) return { protocol: "http", question: null };
	if (tcpPorts.has(port.target))
		return {
			protocol: "tcp",
			question: `Port ${port.target} is usual for a protocol of its own over TCP. Which one does the service speak on it?`,
		};
	const isUsualForGrpc = port.target >= 50_051 && port.target <= 50_059;
	if (isUsualForGrpc)
		return {
			protocol: "h2c",
			question: hints.grpc ? null : `Port ${port.target} is usual for gRPC (h2c). Which protocol does the service speak on it?`,
		};
	if (hints.grpc && count === 1) {
		const guess = hints.web ? "http" : "h2c";
		const also = hints.web ? ` and HTTP in ${placeText(hints.web)}` : "";
		return {
			protocol: guess,
			question: `gRPC is used (${placeText(hints.grpc)})${also}. Does port ${port.target} speak HTTP or WebSocket (http), or gRPC (h2c)?`,
		};
	}
	if (hints.grpc)
		return {
			protocol: "http",
			question: `gRPC is used (${placeText(hints.grpc)}). Does port ${port.target} speak HTTP or WebSocket (http), or gRPC (h2c)?`,
		};
	const isUsualForHttp =
		[80, 5000].includes(port.target) ||
		(port.target >= 3000 && port.target <= 4999) ||
		(port.target >= 8000 && port.target <= 9999);
	if (isUsualForHttp) return { protocol: "http", question: null };
	return {
		protocol: "http",
		question: `Nothing says what port ${port.target} speaks. Is it HTTP or WebSocket (http), gRPC (h2c), or anything else over TCP (tcp)?`,
	};
}

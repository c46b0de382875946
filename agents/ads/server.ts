import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { LoggedRequest } from "@/domain/analysis/outcome";
import { AppError } from "@/domain/errors";
import { accessLogImplementation, accessLogService } from "../access-log/service";
import { type DeltaRequest, type DeltaResponse, DeltaStream } from "./delta-stream";
import { protos } from "./protos";

export interface AdsServer {
	stop(): void;
}

export interface AdsListeners {
	/** Called once an Envoy said who it is. */
	onStream(node: string, stream: DeltaStream): void;
	/** Requests that this Envoy has finished. */
	onRequests(node: string, requests: readonly LoggedRequest[]): void;
}

/** The door of the local Envoys: a unix socket only its owner may open. */
export async function serveAds(path: string, listeners: AdsListeners): Promise<AdsServer> {
	mkdirSync(dirname(path), { recursive: true });
	// Left by an agent that was killed; two agents of one host are kept apart by the supervisor's lock.
	rmSync(path, { force: true });
	const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
	server.addService(protos().discovery, {
		DeltaAggregatedResources: (call: ServerDuplexStream<DeltaRequest, DeltaResponse>) => accept(call, listeners.onStream),
	});
	server.addService(accessLogService, accessLogImplementation(listeners.onRequests));
	await new Promise<void>((resolve, reject) => {
		server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
			error ? reject(unbound(path, error)) : resolve(),
		);
	});
	chmodSync(path, 0o600);
	return {
		stop() {
			server.forceShutdown();
			rmSync(path, { force: true });
		},
	};
}

function unbound(path: string, cause: Error): AppError {
	return new AppError("unavailable", `Cannot listen on ${path} for Envoy: ${cause.message}.`, { cause });
}

function accept(
	call: ServerDuplexStream<DeltaRequest, DeltaResponse>,
	onStream: (node: string, stream: DeltaStream) => void,
): void {
	const stream = new DeltaStream((response) => call.write(response));
	let isNamed = false;
	call.on("data", (request: DeltaRequest) => {
		stream.handle(request);
		if (isNamed || !request.node?.id) return;
		isNamed = true;
		onStream(request.node.id, stream);
	});
	for (const event of ["end", "error", "close", "cancelled"]) call.on(event, () => stream.end());
	call.on("end", () => call.end());
}

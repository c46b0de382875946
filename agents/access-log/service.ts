import type { ServerUnaryCall, ServiceDefinition, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { LoggedRequest } from "@/domain/analysis/outcome";
import { decodeBatch, type LogBatch } from "./decode";

const nothing = () => Buffer.alloc(0);

/** OpenTelemetry's LogsService; an empty answer means that all was taken. */
export const accessLogService: ServiceDefinition<UntypedServiceImplementation> = {
	Export: {
		path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
		requestStream: false,
		responseStream: false,
		requestSerialize: nothing,
		requestDeserialize: (bytes: Buffer): LogBatch => decodeBatch(bytes),
		responseSerialize: nothing,
		responseDeserialize: nothing,
	},
};

export function accessLogImplementation(
	onRequests: (node: string, requests: readonly LoggedRequest[]) => void,
): UntypedServiceImplementation {
	return {
		Export({ request }: ServerUnaryCall<LogBatch, Buffer>, answer: sendUnaryData<Buffer>) {
			if (request.node !== null) onRequests(request.node, request.requests);
			answer(null, nothing());
		},
	};
}

import { fromJSON, type MessageTypeDefinition } from "@grpc/proto-loader";
import { describe, expect, it } from "vitest";
import { decodeBatch } from "./decode";

/** As in OpenTelemetry's protos; the fields that we skip among them. */
const definition = fromJSON(
	{
		nested: {
			Request: { fields: { resourceLogs: { rule: "repeated", type: "ResourceLogs", id: 1 } } },
			ResourceLogs: {
				fields: {
					resource: { type: "Resource", id: 1 },
					scopeLogs: { rule: "repeated", type: "ScopeLogs", id: 2 },
					schemaUrl: { type: "string", id: 3 },
				},
			},
			Resource: { fields: { attributes: { rule: "repeated", type: "KeyValue", id: 1 }, dropped: { type: "uint32", id: 2 } } },
			ScopeLogs: {
				fields: { scope: { type: "Resource", id: 1 }, logRecords: { rule: "repeated", type: "LogRecord", id: 2 } },
			},
			LogRecord: {
				fields: {
					timeUnixNano: { type: "fixed64", id: 1 },
					severityNumber: { type: "uint32", id: 2 },
					severityText: { type: "string", id: 3 },
					body: { type: "AnyValue", id: 5 },
					attributes: { rule: "repeated", type: "KeyValue", id: 6 },
					flags: { type: "fixed32", id: 8 },
				},
			},
			KeyValue: { fields: { key: { type: "string", id: 1 }, value: { type: "AnyValue", id: 2 } } },
			AnyValue: { fields: { stringValue: { type: "string", id: 1 }, intValue: { type: "int64", id: 3 } } },
		},
	},
	{ keepCase: true },
);
const type = definition.Request as MessageTypeDefinition<object, object>;

function encoded(...lines: string[]): Buffer {
	const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
	const logRecords = lines.map((stringValue) => ({
		timeUnixNano: "1795000000250000000",
		severityNumber: 9,
		severityText: "INFO",
		body: { stringValue },
		attributes: [attribute("lane", "blue")],
		flags: 1,
	}));
	const attributes = [attribute("log_name", "requests"), attribute("node_name", "h1/envoy-0"), attribute("zone_name", "")];
	return type.serialize({
		resourceLogs: [
			{ resource: { attributes, dropped: 1 }, scopeLogs: [{ scope: { dropped: 2 }, logRecords }], schemaUrl: "none" },
		],
	});
}

const decoded = (line: string) => decodeBatch(encoded(line)).requests[0];
const withFlags = (flags: string) => decoded(`orders/staging/12/http orders/staging 200 - ${flags} 5 5 1`);

describe("a batch of Envoy's access log", () => {
	it("says whose it is, and of each request where it went, how it ended and how long it took", () => {
		const line = "orders/staging/12/http orders/staging 200 - - 2345678 41007 2500";
		const batch = decodeBatch(encoded(line, line));
		expect(batch.node).toBe("h1/envoy-0");
		expect(batch.requests).toHaveLength(2);
		expect(batch.requests[0]).toEqual({
			cluster: "orders/staging/12/http",
			route: "orders/staging",
			endedAtMs: 1_795_000_002_750,
			durationUs: 2_345_678,
			code: 200,
			grpcStatus: null,
			isClientGone: false,
			isBroken: false,
		});
	});

	it("has no cluster and no route where Envoy answered by itself", () => {
		expect(decoded("- - 404 - NR 80 75 0")).toMatchObject({ cluster: "", route: "", code: 404, durationUs: 80 });
	});

	it("measures an upgrade to its answer, and what was never answered to its end", () => {
		expect(decoded("a/b/1/http a/b 101 - UC 9000000 41007 9001")).toMatchObject({ code: 101, durationUs: 41_007 });
		expect(decoded("a/b/1/http a/b 0 - DC - - 2500")).toMatchObject({ code: 0, durationUs: 2_500_000 });
	});

	it("tells a client that went away from an answer that broke off", () => {
		for (const flag of ["DC", "DR", "DPE"]) expect(withFlags(flag)).toMatchObject({ isClientGone: true, isBroken: false });
		for (const flag of ["UT", "LR", "UR", "UF", "UC", "UO", "UMSDR", "UPE", "URX,UF"])
			expect(withFlags(flag)).toMatchObject({ isClientGone: false, isBroken: true });
		expect(withFlags("DI,RFCF")).toMatchObject({ isClientGone: false, isBroken: false });
		expect(withFlags("UC,DC")).toMatchObject({ isClientGone: true, isBroken: true });
	});

	it("reads the status of a gRPC answer", () => {
		expect(decoded("a/b/1/grpc a/b 200 14 - 80 75 0")?.grpcStatus).toBe(14);
		expect(decoded("a/b/1/grpc a/b 200 0 - 80 75 0")?.grpcStatus).toBe(0);
	});

	it("leaves out a line of another form, and refuses what ends too early", () => {
		expect(decodeBatch(encoded("GET / 200", "a/b/1/http a/b 200 - - 80 75 0 more")).requests).toEqual([]);
		const bytes = encoded("a/b/1/http a/b 200 - - 80 75 0");
		expect(() => decodeBatch(bytes.subarray(0, bytes.length - 20))).toThrow(/too early/);
	});
});

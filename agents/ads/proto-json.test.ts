import { describe, expect, it } from "vitest";
import { encodeJson } from "./proto-json";

const cluster = "envoy.config.cluster.v3.Cluster";

describe("proto3 JSON", () => {
	it("encodes durations, wrappers and Any as Envoy reads them", () => {
		expect(
			encodeJson("google.protobuf.Any", { "@type": `type.googleapis.com/${cluster}`, name: "a" }).toString("latin1"),
		).toContain(`type.googleapis.com/${cluster}`);
		// Field 4 (connect_timeout), 4 bytes: seconds 1; field 2, nanos 500,000,000 as a varint.
		expect(encodeJson(cluster, { connect_timeout: "1.5s" }).toString("hex")).toBe("220808011080cab5ee01");
		const limits = { thresholds: [{ max_connections: 5 }] };
		expect(encodeJson(cluster, { circuit_breakers: limits }).toString("hex")).toBe("52060a0412020805");
	});

	it("refuses an unknown field and says where", () => {
		expect(() => encodeJson(cluster, { common_lb_config: { healthy_panic: {} } })).toThrow(
			/Cluster\.common_lb_config: .*has no field healthy_panic/,
		);
	});

	it("refuses two members of a oneof", () => {
		expect(() => encodeJson(cluster, { type: "EDS", cluster_type: { name: "x" } })).toThrow(/exclude each other/);
	});

	it("refuses an unknown enum value and a malformed duration", () => {
		expect(() => encodeJson(cluster, { lb_policy: "BEST" })).toThrow(/not one of its values/);
		expect(() => encodeJson(cluster, { connect_timeout: "soon" })).toThrow(/duration/);
	});
});

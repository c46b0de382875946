import { expect, test } from "vitest";
import { isQuiet } from "./drain";

/** As Envoy 1.40 says it. */
const said = (connections: number, stopped: number) => `http.gateway.downstream_cx_active: ${connections}
listener.10.1.0.2_7407.downstream_cx_active: ${connections}
listener.10.1.0.2_7407.worker_0.downstream_cx_active: ${connections}
listener.admin.downstream_cx_active: 1
listener.admin.main_thread.downstream_cx_active: 1
listener_manager.listener_stopped: ${stopped}
listener_manager.total_listeners_active: 2
`;

test("one of a pair is quiet when it listens no more and no connection is left; the asker's own does not count", () => {
	expect(isQuiet({ hasPeer: true }, said(0, 2))).toBe(true);
	expect(isQuiet({ hasPeer: true }, said(1, 2))).toBe(false);
	expect(isQuiet({ hasPeer: true }, said(0, 1))).toBe(false);
});

test("one without a peer listens to the end", () => {
	expect(isQuiet({ hasPeer: false }, said(0, 0))).toBe(true);
	expect(isQuiet({ hasPeer: false }, said(1, 0))).toBe(false);
});

import { writeFileSync } from "node:fs";
import type { Log } from "@/adapters/log/log";
import { messageOf } from "@/domain/errors";

/** A connection that an Envoy had not yet accepted when it stopped listening, or was killed, goes to the other of the pair. */
export function handOver(log: Pick<Log, "warn">): void {
	try {
		writeFileSync("/proc/sys/net/ipv4/tcp_migrate_req", "1");
	} catch (error) {
		log.warn(
			{ error: messageOf(error) },
			"this kernel (before 5.14) hands no waiting connection over: a few fail when an Envoy ends",
		);
	}
}

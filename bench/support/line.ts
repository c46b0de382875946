import type { LoadVerdict } from "../load/model";

/** `rolling: 0 failed of 20,143, 0 long, 0 streams cut` */
export function lineOf(name: string, verdict: LoadVerdict): string {
	const counts = `${verdict.failed} failed of ${verdict.requests.toLocaleString("en-US")}, ${verdict.longFailed} long, ${verdict.streamsCut} streams cut`;
	return `${name}: ${counts}`;
}

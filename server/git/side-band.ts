/**
 * Puts a message for the person who pushes ("remote: ...") before the end of a receive-pack answer. An answer that is
 * not in the side-band form (an old client, or an error) is returned as it is.
 */
export function withRemoteMessage(answer: Buffer, message: string): Buffer {
	const length = Number.parseInt(answer.subarray(0, 4).toString("latin1"), 16);
	const band = answer.at(4);
	const endsWithFlush = answer.subarray(-4).toString("latin1") === "0000";
	if (!(length > 5) || (band !== 1 && band !== 2) || !endsWithFlush) return answer;
	return Buffer.concat([answer.subarray(0, -4), packet(message), answer.subarray(-4)]);
}

function packet(message: string): Buffer {
	const body = Buffer.concat([Buffer.from([2]), Buffer.from(`${message}\n`)]).subarray(0, 60_000);
	return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, "0")), body]);
}

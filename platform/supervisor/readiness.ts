import { existsSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { readyFile } from "@/adapters/installation/ready";
import type { Readiness } from "./spec";

const probeTimeoutMs = 1000;

function answersAt(socketPath: string, path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const request = get({ socketPath, path, timeout: probeTimeoutMs }, (response) => {
			response.resume();
			resolve(response.statusCode === 200);
		});
		request.once("error", () => resolve(false));
		request.once("timeout", () => request.destroy());
	});
}

function answers(address: { port: number; host: string }): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ ...address, timeout: probeTimeoutMs });
		const end = (result: boolean) => {
			socket.destroy();
			resolve(result);
		};
		socket.once("connect", () => end(true));
		socket.once("error", () => end(false));
		socket.once("timeout", () => end(false));
	});
}

/** Asks once whether a component does its work. Never throws. */
export async function isReady(home: string, readiness: Readiness): Promise<boolean> {
	switch (readiness.kind) {
		case "running":
			return true;
		case "announced":
			return existsSync(readyFile(home, readiness.component));
		case "tcp":
			return answers({ host: "127.0.0.1", port: readiness.port });
		case "engine":
			return answersAt(readiness.socket, "/_ping");
		case "envoy":
			return answersAt(readiness.socket, "/ready");
		case "http":
			try {
				const response = await fetch(readiness.url, { signal: AbortSignal.timeout(probeTimeoutMs), redirect: "manual" });
				await response.body?.cancel();
				return response.ok;
			} catch {
				return false;
			}
	}
}

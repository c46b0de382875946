"use client";

import { useEffect, useRef } from "react";
import superjson from "superjson";
import { setConnection } from "./connection";

/** Without a word for this long the page calls itself stale. */
const staleAfterMs = 15_000;
const slowestRetryMs = 10_000;

/** A page may have two: the dot goes out with the last. */
let streams = 0;

interface LiveHandlers {
	/** `event: change`: the newest view, Dates restored. */
	onChange(data: unknown): void;
	/** The stream was away: what happened meanwhile must be asked for. */
	onGap?(): void;
}

/**
 * Listens to `path` (server-sent events) while the page is visible. The browser resumes by itself with Last-Event-ID;
 * when the server refused, it is opened again with a growing pause, and `onGap` asks for what was missed. `path` null = no stream.
 */
export function useLive(path: string | null, handlers: LiveHandlers): void {
	const latest = useRef(handlers);
	useEffect(() => {
		latest.current = handlers;
	});
	useEffect(() => {
		if (path === null) return;
		return openStream(path, {
			onChange: (data) => latest.current.onChange(data),
			onGap: () => latest.current.onGap?.(),
		});
	}, [path]);
}

function openStream(path: string, handlers: Required<LiveHandlers>): () => void {
	let source: EventSource | null = null;
	let retry: ReturnType<typeof setTimeout> | undefined;
	let stale: ReturnType<typeof setTimeout> | undefined;
	let retryMs = 500;
	let lastHeard = Date.now();
	let away = false;

	const lost = () => {
		away = true;
		setConnection("reconnecting");
		stale ??= setTimeout(() => setConnection("stale", lastHeard), staleAfterMs);
	};
	const heard = () => {
		lastHeard = Date.now();
		retryMs = 500;
		clearTimeout(stale);
		stale = undefined;
		setConnection("live");
	};
	const open = () => {
		source = new EventSource(path);
		source.addEventListener("open", () => {
			heard();
			if (away) handlers.onGap();
			away = false;
		});
		source.addEventListener("change", (event: MessageEvent<string>) => {
			heard();
			handlers.onChange(superjson.parse(event.data));
		});
		source.addEventListener("error", () => {
			lost();
			if (source?.readyState !== EventSource.CLOSED) return;
			retry = setTimeout(open, retryMs);
			retryMs = Math.min(slowestRetryMs, retryMs * 2);
		});
	};
	const close = () => {
		source?.close();
		source = null;
		clearTimeout(retry);
		clearTimeout(stale);
		stale = undefined;
	};
	// A hidden tab gives its connection back: browsers allow six to one server.
	const onVisibility = () => {
		if (document.hidden) {
			close();
			away = true;
		} else if (source === null) {
			open();
		}
	};
	streams += 1;
	if (streams === 1) setConnection("connecting");
	if (!document.hidden) open();
	document.addEventListener("visibilitychange", onVisibility);
	return () => {
		document.removeEventListener("visibilitychange", onVisibility);
		close();
		streams -= 1;
		if (streams === 0) setConnection("off");
	};
}

"use client";

import { useSaid } from "./use-said";

/** A sentence of the server, in the language of the page. */
export function Said({ text }: { text: string }) {
	const said = useSaid();
	return said(text);
}

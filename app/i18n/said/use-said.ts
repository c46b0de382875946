"use client";

import { useLocale, useMessages } from "next-intl";
import { useCallback, useSyncExternalStore } from "react";
import type { Translator } from "./translator";

let translator: Translator | null = null;
let isAsked = false;
const listeners = new Set<() => void>();

/**
 * For sentences that the server makes, which are English: in another language they are shown in it as soon as their
 * catalogue is here (chinese.ts, which English pages never load); one that it does not know stays as it came.
 */
export function useSaid(): (sentence: string) => string {
	const locale = useLocale();
	const messages = useMessages();
	const isTranslated = locale === "zh";
	const subscribe = useCallback(
		(listener: () => void) => {
			listeners.add(listener);
			if (isTranslated) load(messages);
			return () => void listeners.delete(listener);
		},
		[isTranslated, messages],
	);
	const current = useSyncExternalStore(
		subscribe,
		() => translator,
		() => null,
	);
	return useCallback((sentence) => (isTranslated && current ? current.translate(sentence) : sentence), [isTranslated, current]);
}

function load(messages: object): void {
	if (isAsked) return;
	isAsked = true;
	import("./chinese").then(
		({ chinese }) => {
			translator = chinese(messages);
			for (const listener of listeners) listener();
		},
		() => {
			// The portal is away: the sentences stay as they are until one is shown anew.
			isAsked = false;
		},
	);
}

import { useRef } from "react";

/** For the content of a dialog that anything may open: whatever had the focus has it again afterwards. Radix knows only triggers of its own. */
export function useFocusBack() {
	const before = useRef<Element | null>(null);
	return {
		onOpenAutoFocus() {
			before.current = document.activeElement;
		},
		onCloseAutoFocus(event: Event) {
			event.preventDefault();
			if (before.current instanceof HTMLElement) before.current.focus();
		},
	};
}

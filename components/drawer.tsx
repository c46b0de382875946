"use client";

import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** A panel from the left edge, for what has no room beside the page on a narrow screen. */
export function Drawer({ label, trigger, open, onOpenChange, children }: DrawerProps) {
	return (
		<Radix.Root open={open} onOpenChange={onOpenChange}>
			<Radix.Trigger asChild>{trigger}</Radix.Trigger>
			<Radix.Portal>
				<Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
				<Radix.Content
					aria-describedby={undefined}
					className="fixed inset-y-0 left-0 z-50 w-60 overflow-y-auto border-line border-r bg-canvas p-3 shadow-xl"
				>
					<Radix.Title className="sr-only">{label}</Radix.Title>
					{children}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}

interface DrawerProps {
	label: string;
	trigger: ReactNode;
	open: boolean;
	onOpenChange(open: boolean): void;
	children: ReactNode;
}

"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button";
import { useFocusBack } from "./use-focus-back";

interface DialogProps {
	open: boolean;
	onOpenChange(open: boolean): void;
	title: string;
	description: string;
	children: ReactNode;
}

/** A question that must be answered before going on; Escape and the cross say no. Whatever opened it has the focus again afterwards. */
export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
	const t = useTranslations("dialog");
	const focusBack = useFocusBack();
	return (
		<Radix.Root open={open} onOpenChange={onOpenChange}>
			<Radix.Portal>
				<Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
				<Radix.Content
					{...focusBack}
					className="fixed top-[12vh] left-1/2 z-50 w-[min(30rem,calc(100vw-2rem))] max-h-[84dvh] -translate-x-1/2 overflow-y-auto rounded-lg border border-line bg-canvas p-5 shadow-xl"
				>
					<div className="flex items-start justify-between gap-4">
						<Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
						<Radix.Close asChild>
							<Button look="quiet" size="icon" aria-label={t("close")} className="-mt-1 -mr-2">
								<X aria-hidden="true" className="size-4" />
							</Button>
						</Radix.Close>
					</div>
					<Radix.Description className="mt-1 text-soft">{description}</Radix.Description>
					<div className="mt-4">{children}</div>
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}

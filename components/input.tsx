import type { ComponentProps } from "react";
import { cx } from "./class-names";

const look =
	"rounded-md border border-line-strong/60 bg-canvas px-2.5 text-sm text-ink placeholder:text-faint focus-visible:outline-2 focus-visible:outline-offset-0 aria-invalid:border-failed disabled:opacity-60";

export function Input({ className, ...rest }: ComponentProps<"input">) {
	return <input className={cx(look, "h-8 w-full", className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
	return <textarea className={cx(look, "w-full py-1.5", className)} {...rest} />;
}

export function Select({ className, ...rest }: ComponentProps<"select">) {
	return <select className={cx(look, "h-8 pr-7", className)} {...rest} />;
}

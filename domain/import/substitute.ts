/** Values double with `ENV A=$A$A`; no port or address is nearly as long. */
const longest = 8_192;

/** `$NAME`, `${NAME}`, `${NAME:-other}`, `${NAME:+other}`. What is not known stays as it is written. */
export function substitute(text: string, known: ReadonlyMap<string, string>): string {
	const whole = text.slice(0, longest);
	return whole
		.replace(
			/\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*))?\})/g,
			(written, plain?: string, braced?: string, mark?: string, other?: string) => {
				if (written === "\\$") return "$";
				const value = known.get(plain ?? braced ?? "");
				if (mark?.endsWith("-")) return value === undefined || (mark === ":-" && value === "") ? (other ?? "") : value;
				if (mark?.endsWith("+")) return value === undefined || (mark === ":+" && value === "") ? "" : (other ?? "");
				return value ?? written;
			},
		)
		.slice(0, longest);
}

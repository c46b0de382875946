"use client";

import { useEffect, useRef, useState } from "react";
import { Input } from "@/components/input";

/** Types at once, tells after a pause of 200 ms; follows the address when it changes from elsewhere. */
export function FilterInput({ value, onValue, label }: { value: string; onValue(value: string): void; label: string }) {
	const [typed, setTyped] = useState(value);
	const told = useRef(value);
	useEffect(() => {
		if (value === told.current) return;
		told.current = value;
		setTyped(value);
	}, [value]);
	useEffect(() => {
		if (typed === told.current) return;
		const timer = setTimeout(() => {
			told.current = typed;
			onValue(typed);
		}, 200);
		return () => clearTimeout(timer);
	}, [typed, onValue]);
	return (
		<Input
			type="search"
			value={typed}
			onChange={(event) => setTyped(event.target.value)}
			placeholder={label}
			aria-label={label}
			className="w-full sm:w-64"
		/>
	);
}

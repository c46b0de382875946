"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "../trpc/client";
import { FilterInput } from "./filter-input";

interface NameInputProps {
	value: string;
	onValue(value: string): void;
	label: string;
}

/** There may be thousands: what is typed is looked for, and a few are offered. */
const mostOffered = 8;

/** The name of a service, as it is typed or chosen. */
export function ServiceInput(props: NameInputProps) {
	const [typed, setTyped] = useState("");
	const question = useTRPC().service.list.queryOptions({ search: typed, limit: mostOffered }, { enabled: typed !== "" });
	return <FilterInput {...props} onTyped={setTyped} offers={useQuery(question).data?.map(({ name }) => name) ?? []} />;
}

/** The name of a repository, as it is typed or chosen. */
export function RepositoryInput(props: NameInputProps) {
	const [typed, setTyped] = useState("");
	const question = useTRPC().repository.list.queryOptions({ search: typed, limit: mostOffered }, { enabled: typed !== "" });
	return <FilterInput {...props} onTyped={setTyped} offers={useQuery(question).data?.map(({ name }) => name) ?? []} />;
}

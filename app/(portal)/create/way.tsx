"use client";

import dynamic from "next/dynamic";
import { TemplateCards } from "./template-cards";

// One way at a time: the others' programs need not be loaded. Here, since what a server's page loads lazily comes in one piece.
const CreateEmpty = dynamic(() => import("./create-empty").then((module) => module.CreateEmpty));
const CreateImage = dynamic(() => import("./create-image").then((module) => module.CreateImage));
const CreateService = dynamic(() => import("./create-service").then((module) => module.CreateService));
const ImportForm = dynamic(() => import("./import-form").then((module) => module.ImportForm));
const ImportRepository = dynamic(() => import("./import-repository").then((module) => module.ImportRepository));

interface Props {
	way: string | null;
	repository: string | null;
	template: string | null;
}

export function CreateWay({ way, repository, template }: Props) {
	if (way === "empty") return <CreateEmpty />;
	if (way === "image") return <CreateImage />;
	if (way === "import") return repository === null ? <ImportRepository /> : <ImportForm repository={repository} />;
	return template === null ? <TemplateCards /> : <CreateService name={template} />;
}

import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SignInForm } from "./sign-in-form";

export async function generateMetadata(): Promise<Metadata> {
	return { title: (await getTranslations("signIn"))("title") };
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
	const { next } = await searchParams;
	return <SignInForm next={localPath(next)} />;
}

/** Only a path of this portal: never another site. */
function localPath(next: string | string[] | undefined): string {
	return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/";
}

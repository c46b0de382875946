import { notFound } from "next/navigation";

/** Any other address: inside the frame, so the way back is there. */
export default function MissingPage() {
	notFound();
}

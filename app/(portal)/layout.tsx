import type { ReactNode } from "react";
import { Frame } from "../frame/frame";

export default function PortalLayout({ children }: { children: ReactNode }) {
	return <Frame>{children}</Frame>;
}

import type { ReactNode } from "react";

interface PageHeadProps {
	title: ReactNode;
	status?: ReactNode;
	/** One line of facts under the title. */
	facts?: ReactNode;
	actions?: ReactNode;
}

export function PageHead({ title, status, facts, actions }: PageHeadProps) {
	return (
		<div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
			<div className="min-w-0 flex-1 basis-80">
				<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
					<h1 className="font-semibold text-xl tracking-tight break-words">{title}</h1>
					{status}
				</div>
				{facts !== undefined && <div className="mt-1 text-soft text-sm">{facts}</div>}
			</div>
			{actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
		</div>
	);
}

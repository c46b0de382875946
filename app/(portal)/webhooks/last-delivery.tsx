import { TimeAgo } from "@/components/time-ago";
import type { WebhookRow } from "@/server/views";
import { DeliveryStatus } from "../../status/webhook-words";

/** How the newest delivery went, and when. */
export function LastDelivery({ last, none }: { last: WebhookRow["last"]; none: string }) {
	if (last === null) return <span className="text-faint">{none}</span>;
	return (
		<span className="flex items-center gap-x-3">
			<DeliveryStatus state={last.state} />
			<TimeAgo at={last.at} className="text-faint" />
		</span>
	);
}

import { z } from "zod";
import { cloudEventText, eventTypes } from "@/domain/webhook/event";
import {
	createWebhook,
	disableWebhook,
	enableWebhook,
	redeliver,
	removeWebhookForGood,
	rotateWebhook,
	testWebhook,
} from "@/server/services/webhook";
import { eventOf } from "@/server/store/webhook-event";
import { readDeliveries, readDelivery, readWebhook, readWebhooks } from "@/server/store/webhook-view";
import type { Context } from "@/server/trpc/context";
import { procedure, router } from "@/server/trpc/init";

const id = z.string().max(100);
const named = z.object({ id });

const wish = z.object({
	name: z.string().trim().min(1).max(100),
	/** What an address is must say the rules of domain/webhook/address.ts, in sentences. */
	address: z.string().min(1).max(2_000),
	/** Empty = all. */
	types: z.array(z.enum(eventTypes)).max(eventTypes.length).default([]),
	services: z.array(z.string().min(1).max(40)).max(100).default([]),
});

const filter = z.object({
	webhook: id.nullable().default(null),
	hook: id.nullable().default(null),
	before: id.nullable().default(null),
	limit: z.number().int().min(1).max(200).default(50),
});

function deliveryPage({ env, database }: Context["deps"], delivery: string) {
	const teller = { installation: env.installation.id, portalUrl: env.portalUrl };
	return readDelivery(database, delivery, (event) => cloudEventText(eventOf(event), teller));
}

export const webhookRouter = router({
	list: procedure.query(({ ctx }) => readWebhooks(ctx.deps.database)),
	create: procedure.input(wish).mutation(({ ctx, input }) => createWebhook(ctx.deps, ctx.actor, input)),
	rotate: procedure.input(named).mutation(({ ctx, input }) => rotateWebhook(ctx.deps, ctx.actor, input.id)),
	test: procedure.input(named).mutation(async ({ ctx, input }) => {
		const delivery = await testWebhook(ctx.deps, ctx.actor, input.id);
		return deliveryPage(ctx.deps, delivery);
	}),
	disable: procedure.input(named).mutation(async ({ ctx, input }) => {
		await disableWebhook(ctx.deps, ctx.actor, input.id);
		return readWebhook(ctx.deps.database, input.id);
	}),
	enable: procedure.input(named).mutation(async ({ ctx, input }) => {
		await enableWebhook(ctx.deps, ctx.actor, input.id);
		return readWebhook(ctx.deps.database, input.id);
	}),
	remove: procedure.input(named).mutation(async ({ ctx, input }) => {
		await removeWebhookForGood(ctx.deps, ctx.actor, input.id);
		return { id: input.id };
	}),
	deliveries: procedure.input(filter).query(({ ctx, input }) => readDeliveries(ctx.deps.database, input)),
	delivery: procedure.input(z.object({ delivery: id })).query(({ ctx, input }) => deliveryPage(ctx.deps, input.delivery)),
	redeliver: procedure.input(z.object({ delivery: id })).mutation(async ({ ctx, input }) => {
		await redeliver(ctx.deps, ctx.actor, input.delivery);
		return deliveryPage(ctx.deps, input.delivery);
	}),
});

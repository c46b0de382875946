-- CreateIndex
CREATE INDEX "audit_action_id_idx" ON "audit"("action", "id");

-- CreateIndex
CREATE INDEX "instance_hostId_createdAt_id_idx" ON "instance"("hostId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "pipeline_createdAt_repository_number_idx" ON "pipeline"("createdAt", "repository", "number");

-- CreateIndex
CREATE INDEX "rollout_createdAt_service_environment_number_idx" ON "rollout"("createdAt", "service", "environment", "number");

-- By hand, what Prisma cannot say. What people search by any part of a word: domain/search.ts says how, and
-- server/store/search.ts has these very expressions. The extension is one that a database's owner may make.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX "service_words" ON "service" USING gin (
    lower("name" || E'\n' || "description" || E'\n' || "owner" || E'\n' || coalesce("repository", '')) gin_trgm_ops);
CREATE INDEX "audit_words" ON "audit" USING gin (
    lower("summary" || E'\n' || "subject" || E'\n' || "actorName" || E'\n' || "action") gin_trgm_ops);

-- What a host's page shows first.
CREATE INDEX "instance_says" ON "instance"("hostId") WHERE "message" IS NOT NULL AND "phase" <> 'gone';

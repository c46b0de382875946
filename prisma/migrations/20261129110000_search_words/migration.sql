-- By hand, what Prisma cannot say. What people search services by is kept in the row, as the trail's is: to make it of
-- each row that is looked through takes longer than to look. domain/search.ts says how it is asked for.
DROP INDEX "service_words";
ALTER TABLE "service" ADD COLUMN "words" TEXT GENERATED ALWAYS AS (
    lower("name" || E'\n' || "description" || E'\n' || "owner" || E'\n' || coalesce("repository", ''))) STORED;
CREATE INDEX "service_words" ON "service" USING gin ("words" gin_trgm_ops);

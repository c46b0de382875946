-- Tokens are ours: the columns of better-auth's api-key plugin that nothing reads go. Its hashes stay valid.
DELETE FROM "apikey" WHERE NOT "enabled" OR NOT EXISTS (SELECT 1 FROM "user" u WHERE u."id" = "apikey"."referenceId");

DROP INDEX "apikey_key_idx";
DROP INDEX "apikey_referenceId_idx";

ALTER TABLE "apikey" RENAME TO "api_token";
ALTER TABLE "api_token" RENAME CONSTRAINT "apikey_pkey" TO "api_token_pkey";
ALTER TABLE "api_token" RENAME COLUMN "referenceId" TO "userId";
ALTER TABLE "api_token" RENAME COLUMN "key" TO "hash";
ALTER TABLE "api_token" RENAME COLUMN "lastRequest" TO "usedAt";
UPDATE "api_token" SET "name" = COALESCE("name", ''), "start" = COALESCE("start", '');
ALTER TABLE "api_token" ALTER COLUMN "name" SET NOT NULL, ALTER COLUMN "start" SET NOT NULL,
	DROP COLUMN "configId", DROP COLUMN "prefix", DROP COLUMN "refillInterval", DROP COLUMN "refillAmount",
	DROP COLUMN "lastRefillAt", DROP COLUMN "enabled", DROP COLUMN "rateLimitEnabled", DROP COLUMN "rateLimitTimeWindow",
	DROP COLUMN "rateLimitMax", DROP COLUMN "requestCount", DROP COLUMN "remaining", DROP COLUMN "updatedAt",
	DROP COLUMN "permissions", DROP COLUMN "metadata";

CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");
CREATE INDEX "api_token_userId_idx" ON "api_token"("userId");
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

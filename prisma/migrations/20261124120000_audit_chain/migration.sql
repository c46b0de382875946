-- AlterTable
ALTER TABLE "audit" ADD COLUMN     "hash" TEXT,
ADD COLUMN     "previous" TEXT,
ALTER COLUMN "id" DROP DEFAULT,
ALTER COLUMN "at" DROP DEFAULT;
DROP SEQUENCE "audit_id_seq";

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "sequence" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMP(3),
    "keyId" TEXT,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_head_is_one" CHECK ("id" = 1)
);

-- Rows from before the chain stay as they are; every row from now on has a place in it. A process of an older version
-- that still runs is therefore refused, and its changes with it.
ALTER TABLE "audit" ADD CONSTRAINT "audit_is_chained"
    CHECK ("hash" IS NOT NULL AND "previous" IS NOT NULL) NOT VALID;

-- The chain begins after what there is: its first row will vouch for that (server/store/audit-chain.ts).
INSERT INTO "audit_head" ("sequence", "hash") SELECT coalesce(max("id"), 0), repeat('0', 64) FROM "audit";

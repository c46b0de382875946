-- AlterTable
ALTER TABLE "apikey" ADD COLUMN     "limits" JSONB;

-- CreateTable
CREATE TABLE "idempotent_answer" (
    "caller" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "requestHash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "keyId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("caller","key")
);

-- CreateIndex
CREATE INDEX "idempotent_answer_createdAt_idx" ON "idempotent_answer"("createdAt");

-- CreateTable
CREATE TABLE "image_pull" (
    "rolloutId" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "image" TEXT NOT NULL,
    "askedAt" TIMESTAMP(3) NOT NULL,
    "isPulled" BOOLEAN NOT NULL DEFAULT false,
    "problem" TEXT,

    CONSTRAINT "image_pull_pkey" PRIMARY KEY ("rolloutId","hostId")
);

-- CreateIndex
CREATE INDEX "image_pull_hostId_idx" ON "image_pull"("hostId");
